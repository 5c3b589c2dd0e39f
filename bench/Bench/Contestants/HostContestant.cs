using System.Diagnostics;
using System.Text.Json;
using Actors.Bench.Contests;
using Actors.Bench.Tools;
using Actors.Host.Reporting;
using Actors.Host.Scenarios;

namespace Actors.Bench.Contestants;

/// <summary>
/// Ours as a user starts it: the published console, a cold process for each round, timed from its start to its end,
/// with whatever it verifies.
/// </summary>
/// <param name="name">Unique within the contest.</param>
/// <param name="work">What is to be done.</param>
/// <param name="scenario">The name of a shipped scenario.</param>
/// <param name="backend">The backend.</param>
/// <param name="settings">Assignments as after <c>--set</c>.</param>
/// <param name="build">A build of the bench in the clone that is published; this one unless said.</param>
internal sealed class HostContestant(
    string name, IWork work, string scenario, string backend, IReadOnlyList<string> settings, string? build = null)
    : Contestant(build is null ? name : EarlierName(name), true, work, filesBelow: backend)
{
    public override Contestant Earlier(string earlier) =>
        new HostContestant(name, Work, scenario, FilesBelow, settings, earlier);

    public override async Task<IEntry> EnterAsync(Entrance entrance, CancellationToken cancellation)
    {
        var program = await entrance.Toolbox.PublishedHostAsync(build ?? AppContext.BaseDirectory, cancellation);
        return new Entry(
            program,
            [
                "run", Path.Combine(Path.GetDirectoryName(program)!, "hocon", $"{scenario}.conf"),
                "--backend", FilesBelow, "--quiet", "--dir", entrance.Directory,
                .. settings.SelectMany(setting => (string[])["--set", setting]),
            ]);
    }

    private sealed class Entry(string program, string[] arguments) : IEntry
    {
        public async Task<Measurement> RunAsync(CancellationToken cancellation)
        {
            var watch = new ProcessWatch();
            var following = Task.CompletedTask;
            var start = Stopwatch.GetTimestamp();
            var command = await Command.RunAsync(
                program, [.. arguments, "--json", "-"], cancellation, p => following = watch.FollowAsync(p));
            var elapsed = Stopwatch.GetElapsedTime(start);
            await following;
            if (command.ExitCode != 0)
            {
                throw new ContestantException($"exit code {command.ExitCode}: {command.LastError}");
            }

            return new Measurement(
                elapsed.TotalSeconds,
                watch.UserTime.TotalSeconds,
                watch.SystemTime.TotalSeconds,
                watch.PeakRssBytes,
                Figures(JsonSerializer.Deserialize(command.Output, RunReportJson.Default.RunReport)!, watch));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static Dictionary<string, double> Figures(RunReport report, ProcessWatch watch)
        {
            var figures = new Dictionary<string, double> { [Figure.PeakAnonymousBytes] = watch.PeakAnonymousBytes };
            foreach (var run in report.Runs)
            {
                var isWrite = run.Operation == PhaseOperation.Write;
                figures[isWrite ? Figure.PeakBufferBytes : Figure.PeakReadBufferBytes] = run.Memory.PeakBufferBytes;
                if (isWrite)
                {
                    figures[Figure.Lines] = run.Operations;
                    figures[Figure.Bytes] = run.Bytes;
                    figures[Figure.AllocatedBytes] = run.Memory.AllocatedBytes;
                }
            }

            return figures;
        }
    }
}
