using System.Diagnostics;
using Actors.Engine;

namespace Actors.Samples.TreeCopy;

/// <summary>The copy, and what is said of it: progress on standard error, the summary on standard output.</summary>
internal static class Copying
{
    public static async Task<int> RunAsync(
        string source, string target, TreeCopyOptions options, CancellationToken interrupted)
    {
        var clock = Stopwatch.StartNew();
        var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        await using var engine = FileEngine.Start();
        try
        {
            var report = await engine.CopyTreeAsync(source, target, options, progress, interrupted);
            progress.End();
            return Tell(report, options, clock.Elapsed);
        }
        catch (OperationCanceledException)
        {
            progress.End();
            Console.Error.WriteLine("Interrupted. The files that were whole by then are in the target.");
            return 130;
        }
        catch (FileEngineException e)
        {
            progress.End();
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Tell(TreeCopyReport report, TreeCopyOptions options, TimeSpan time)
    {
        Console.WriteLine(
            $"{report.Files:N0} files, {report.Directories:N0} directories and {report.SymbolicLinks:N0} links copied, "
            + $"{report.Bytes:N0} bytes{(options.Verify ? ", verified" : "")}{(options.Durable ? ", durable" : "")}, "
            + $"in {time.TotalSeconds:N2} s");
        Tell("skipped", report.Skipped, report.SkippedCount);
        Tell("failed", report.Failed, report.FailedCount);
        return report.SkippedCount + report.FailedCount == 0 ? 0 : 1;
    }

    private static void Tell(string what, IReadOnlyList<TreeCopyIssue> issues, long count)
    {
        foreach (var issue in issues)
        {
            Console.Error.WriteLine($"{what}: {issue.Cause}");
        }

        if (count > issues.Count)
        {
            Console.Error.WriteLine($"{what}: {count - issues.Count:N0} more");
        }
    }
}
