using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Host.Scenarios;

namespace Actors.Host.Tests.Hostile;

/// <summary>
/// Runs inputs and judges what the console made of them: an exit code of its list and no other, for a refusal a message
/// that fits a screen, no exception, no stack trace, no control characters, no file changed but the run's own, an end.
/// </summary>
internal static partial class HostileRunner
{
    private const int ScreenLines = 40;
    private const string Outside = " is outside of the run's directory";
    private const int ScreenCharacters = 6000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs an input in this process.</summary>
    public static Task<HostileOutcome> RunAsync(HostileInput input) => RunAsync(input, RunHereAsync);

    /// <summary>Runs an input as a process of its own.</summary>
    public static Task<HostileOutcome> RunProcessAsync(HostileInput input) => RunAsync(
        input with { Arguments = [.. input.Arguments.Select(a => a.Replace("\0", "", StringComparison.Ordinal))] },
        async (sandbox, arguments) =>
        {
            using var process = ActorsProcess.Start($"cd '{sandbox.Work}';", arguments);
            return await process.EndAsync();
        });

    // What the console does not print itself, libraries might.
    private static async Task<CommandResult> RunHereAsync(Sandbox sandbox, string[] arguments)
    {
        var (output, error) = (Console.Out, Console.Error);
        var aside = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(aside));
        Console.SetError(Console.Out);
        try
        {
            var result = await Task.Run(() => ActorsCommandLine.RunAsync(arguments));
            return result with { Error = result.Error + aside };
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private static async Task<HostileOutcome> RunAsync(
        HostileInput input, Func<Sandbox, string[], Task<CommandResult>> run)
    {
        using var sandbox = new Sandbox($"{input.Seed}", input.Entries);
        string[] arguments = [.. input.Arguments];
        var scenario = RequestedRun.Of(arguments);
        if (scenario is not null && !RequestedRun.StaysWithin(scenario, sandbox.Root))
        {
            // A directory somewhere else is the user's right; files outside it are not.
            var leaves = RequestedRun.StaysWithin(scenario, "");
            return new HostileOutcome(true, false, 0, leaves ? null : "a file's path leaves the scenario's directory");
        }

        if (scenario is not null && !RequestedRun.IsSmall(scenario))
        {
            return new HostileOutcome(true, false, 0, null);
        }

        var before = sandbox.Snapshot();
        try
        {
            var result = await run(sandbox, arguments).WaitAsync(Patience);
            var changes = Changes(before, sandbox.Snapshot(), scenario, arguments);
            var fault = Judge(result, changes, arguments);
            return new HostileOutcome(scenario is not null, true, result.ExitCode, fault);
        }
        catch (Exception e)
        {
            return new HostileOutcome(scenario is not null, true, -1, $"escaped: {e}");
        }
    }

    /// <summary>What is wrong with what came out, or null.</summary>
    public static string? Judge(CommandResult result, IReadOnlyList<string> changes, string[] arguments)
    {
        var fault = result switch
        {
            _ when result.ExitCode is not (0 or 1 or 2) => "the exit code is none of 0, 1, 2",
            _ when result.ExitCode == 2 && changes.FirstOrDefault(c => !Directory.Exists(c)) is { } changed =>
                $"refused, but it changed {changed}",
            _ when changes.FirstOrDefault(c => c.EndsWith(Outside, StringComparison.Ordinal)) is { } outside => outside,
            { ExitCode: 2 } when result.Error.Trim().Length == 0 => "no message",
            { ExitCode: 1 } when (result.Output + result.Error).Trim().Length == 0 => "no message",
            { ExitCode: 2 } when IsLong(result.Error) => "the message is longer than a screen",
            _ when StackTrace().IsMatch(result.Error + result.Output) => "a stack trace",
            _ when ExceptionName().IsMatch(result.Error) => "an exception's name",
            _ when (result.Error + result.Output).Any(c => char.IsControl(c) && c is not ('\n' or '\r')) =>
                "control characters for the terminal",
            _ when result.ExitCode != 2 && arguments is [.., "--json", "-"] && !IsDocument(result.Output) =>
                "the standard output is no document",
            _ => null,
        };
        return fault is null ? null : $"{fault}\n{result}";
    }

    // Every entry that is not as it was; and whether that is where a run may write.
    private static List<string> Changes(
        SortedDictionary<string, string> before,
        SortedDictionary<string, string> after,
        Scenario? scenario,
        string[] arguments)
    {
        var targets = arguments.Where((_, i) => i > 0 && arguments[i - 1] is "--json" or "--csv")
            .Where(t => !t.Contains('\0') && t.Length > 0).Select(Path.GetFullPath).ToHashSet();
        return [.. before.Keys.Union(after.Keys)
            .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
            .Where(path => !targets.Contains(path))
            .Select(path => scenario is not null && IsWithin(path, Resolved(scenario.Directory))
                ? path
                : path + Outside)];
    }

    // The user may name a link; what is in its directory may not be one.
    private static string Resolved(string directory) =>
        Directory.ResolveLinkTarget(directory, returnFinalTarget: true)?.FullName ?? directory;

    // The directories above it are made with it.
    private static bool IsWithin(string path, string directory) =>
        $"{path}/".StartsWith($"{directory}/", StringComparison.Ordinal)
        || (Directory.Exists(path) && directory.StartsWith($"{path}/", StringComparison.Ordinal));

    private static bool IsLong(string message) =>
        message.Length > ScreenCharacters || message.Count(c => c == '\n') > ScreenLines;

    private static bool IsDocument(string output)
    {
        try
        {
            JsonDocument.Parse(output).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^ +at [\w.<>]+\(", RegexOptions.Multiline)]
    private static partial Regex StackTrace();

    [GeneratedRegex(@"\b[A-Z]\w+Exception\b")]
    private static partial Regex ExceptionName();
}
