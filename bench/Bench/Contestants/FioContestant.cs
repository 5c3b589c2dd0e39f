using System.Text.Json;
using Actors.Bench.Contests;
using Actors.Bench.Tools;
using Actors.Bench.Work;

namespace Actors.Bench.Contestants;

/// <summary>fio: one job, which is one thread, over the files of a contest.</summary>
/// <param name="name">Unique within the contest.</param>
/// <param name="work">The files.</param>
/// <param name="engine">Its <c>--ioengine</c>.</param>
/// <param name="job">What is done.</param>
internal sealed class FioContestant(string name, IWork work, string engine, BlockJob job)
    : Contestant(name, false, work)
{
    public override Task<IEntry> EnterAsync(Entrance entrance, CancellationToken cancellation)
    {
        var program = entrance.Toolbox.Find("fio", "fio");
        var files = Enumerable.Range(0, Blocks.Files).Select(file => Blocks.PathOf(entrance.Directory, file));
        return Task.FromResult<IEntry>(new Entry(
            program,
            [
                "--name=bench", $"--ioengine={engine}", .. job.FioOptions,
                $"--filename={string.Join(':', files)}", "--output-format=json",
            ],
            job.Writes ? "write" : "read"));
    }

    private sealed class Entry(string program, string[] arguments, string direction) : IEntry
    {
        public async Task<Measurement> RunAsync(CancellationToken cancellation)
        {
            var command = await Command.RunAsync(program, arguments, cancellation);
            if (command.ExitCode != 0)
            {
                throw new ContestantException($"exit code {command.ExitCode}: {command.LastError}");
            }

            // Notes may come before the document.
            var json = command.Output[command.Output.IndexOf('{')..];
            using var document = JsonDocument.Parse(json);
            var job = document.RootElement.GetProperty("jobs")[0];
            var done = job.GetProperty(direction);
            var seconds = done.GetProperty("runtime").GetDouble() / 1000;
            return new Measurement(
                seconds,
                job.GetProperty("usr_cpu").GetDouble() / 100 * seconds,
                job.GetProperty("sys_cpu").GetDouble() / 100 * seconds,
                0,
                new Dictionary<string, double>
                {
                    [Figure.Operations] = done.GetProperty("total_ios").GetDouble(),
                    [Figure.Bytes] = done.GetProperty("io_bytes").GetDouble(),
                });
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
