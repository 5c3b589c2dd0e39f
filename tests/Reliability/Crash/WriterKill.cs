using System.Text.RegularExpressions;
using Actors.Reliability.Crash.Content;
using Actors.Reliability.Crash.Writing;

namespace Actors.Reliability.Crash;

/// <summary>One <see cref="WriterProcess"/>, killed, and its files looked at; where there is a volume, after its power
/// was cut as well.</summary>
internal sealed partial class WriterKill(Kill kill, CrashFindings findings, LoopVolume? volume)
{
    /// <summary>Does it.</summary>
    public async Task RunAsync()
    {
        var acknowledged = new Acknowledgements(WritingStyle.All.Count);
        var reader = new ReplacedReader(kill.Directory, kill.Seed, acknowledged);
        await PrepareAsync(reader);
        using (var process = KilledProcess.Start(
            "Actors.Reliability.dll", WriterProcess.Arguments(kill.Directory, kill.Backend, kill.Seed)))
        using (var stop = new CancellationTokenSource())
        {
            var reading = Task.Run(() => reader.RunAsync(stop.Token));
            var acknowledging = acknowledged.ReadAsync(process.Output);
            await acknowledged.First;
            var killed = await process.KillAfterAsync(kill.Moment);
            await acknowledging;
            await stop.CancelAsync();
            await reading;
            if (!killed)
            {
                var (exitCode, error) = await process.EndAsync();
                findings.Add(CrashPromise.Alive, kill.Name, $"the writer ended by itself, {exitCode}: {error.Trim()}");
            }
        }

        if (volume is not null)
        {
            await volume.CutPowerAsync();
        }

        foreach (var breach in reader.Breaches)
        {
            findings.Add(CrashPromise.Replaced, kill.Name, breach);
        }

        findings.Reads += reader.Reads;
        CheckFiles(acknowledged);
        CheckLeftOvers();
    }

    /// <summary>All the files are there at first: that a name is durable is not what an open promises.</summary>
    private async Task PrepareAsync(ReplacedReader reader)
    {
        for (var file = 0; file < WritingStyle.All.Count; file++)
        {
            await File.WriteAllBytesAsync(WritingStyle.PathIn(kill.Directory, file), []);
        }

        reader.Prepare();
        if (volume is not null)
        {
            await volume.SettleAsync();
        }
    }

    private void CheckFiles(Acknowledgements acknowledged)
    {
        for (var file = 0; file < WritingStyle.All.Count; file++)
        {
            var style = WritingStyle.All[file];
            var path = WritingStyle.PathIn(kill.Directory, file);
            var count = acknowledged.CountOf(file);
            var check = style.Kind switch
            {
                ContentKind.Lines => FileCheck.OfLines(
                    path, kill.Seed, file, count, style.UnderWay, mayHaveZeros: volume is not null),
                ContentKind.Blocks =>
                    FileCheck.OfBlocks(path, kill.Seed, file, acknowledged.NumbersOf(file), style.UnderWay),
                _ => FileCheck.OfVersion(path, kill.Seed, file, Math.Max(0, count - 1)),
            };
            if (check.Breach is { } breach)
            {
                var promise = style.Kind == ContentKind.Version ? CrashPromise.Replaced : CrashPromise.Durable;
                findings.Add(promise, kill.Name, breach);
            }

            var tally = findings.Of(kill.Backend, style.Name);
            tally.Kills++;
            tally.Acknowledged += style.Kind == ContentKind.Lines ? count : acknowledged.NumbersOf(file).Count;
            tally.Found += check.Present;
        }
    }

    /// <summary>Beside the files there is nothing but temporaries, which have the names that the engine gives them.
    /// </summary>
    private void CheckLeftOvers()
    {
        var replaced = ReplacedReader.Files.Select(WritingStyle.NameOf).ToHashSet();
        var wanted = Enumerable.Range(0, WritingStyle.All.Count).Select(WritingStyle.NameOf).ToHashSet();
        foreach (var path in Directory.EnumerateFileSystemEntries(kill.Directory))
        {
            var name = Path.GetFileName(path);
            if (wanted.Contains(name))
            {
                continue;
            }

            findings.LeftOver++;
            var match = Temporary().Match(name);
            if (!match.Success || !replaced.Contains(match.Groups[1].Value))
            {
                findings.Add(CrashPromise.LeftOver, kill.Name, $"{name} is nobody's temporary");
            }
        }
    }

    [GeneratedRegex(@"^(.+)\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex Temporary();
}
