using System.Diagnostics;
using System.Text;
using Actors.Bench.Commands;
using Actors.Bench.Contests;
using Actors.Bench.Tools;

namespace Actors.Bench.Contestants;

/// <summary>The process of a <see cref="WarmContestant"/>, as the bench sees it: ready, then a line for a line.
/// </summary>
internal sealed class WarmProcess : IEntry
{
    private const string HostRuntimeConfiguration = "Actors.Host.runtimeconfig.json";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private WarmProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits until it is warm.</summary>
    public static async Task<WarmProcess> StartAsync(
        WarmContestant contestant, Entrance entrance, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(entrance.Toolbox.Find("dotnet", "dotnet-sdk-10.0"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments(contestant, entrance))
        {
            start.ArgumentList.Add(argument);
        }

        var process = new WarmProcess(Process.Start(start)!);
        try
        {
            await process.ReadLineAsync(cancellation);
            Signals.Stop(process._process.Id);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<Measurement> RunAsync(CancellationToken cancellation)
    {
        Signals.Continue(_process.Id);
        await _process.StandardInput.WriteLineAsync(ContestantCommand.Go.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        var line = await ReadLineAsync(cancellation);
        Signals.Stop(_process.Id);
        return MeasurementJson.Read(line);
    }

    public async ValueTask DisposeAsync()
    {
        // Killed, not asked: what it still holds is of no use to anyone.
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static IEnumerable<string> Arguments(WarmContestant contestant, Entrance entrance)
    {
        yield return "exec";
        if (contestant.IsOurs)
        {
            yield return "--runtimeconfig";
            yield return Path.Combine(contestant.Build, HostRuntimeConfiguration);
        }

        yield return Path.Combine(contestant.Build, BenchCommand.Program);
        foreach (var argument in ContestantCommand.Arguments(
            entrance.Contest, contestant.NameInBuild, entrance.Directory, entrance.IsBrief))
        {
            yield return argument;
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            return line;
        }

        await _process.WaitForExitAsync(cancellation);
        string reason;
        lock (_errors)
        {
            reason = _errors.ToString().Trim().ReplaceLineEndings(" ");
        }

        throw _process.ExitCode == PeerMissingException.ExitCode
            ? new PeerMissingException(reason)
            : new ContestantException($"its process ended: {reason}");
    }
}
