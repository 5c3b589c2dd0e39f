using System.CommandLine;
using System.CommandLine.Help;

namespace Actors.Reliability.Verbs;

/// <summary>The command line: runs a verb, writes its report, and ends with 0 only when every check has held.</summary>
internal sealed class ReliabilityCommand
{
    private const int Held = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TextWriter _output;
    private readonly TextWriter _progress;
    private readonly Command _root;

    public ReliabilityCommand(TextWriter output, TextWriter progress)
    {
        _output = output;
        _progress = progress;
        // Not a RootCommand, which would be called by the assembly's name.
        _root = new Command("reliability", "The long runs: what is promised, attacked until the time is over.")
        {
            new HelpOption(),
        };
        foreach (var verb in VerbList.All)
        {
            _root.Add(Build(verb));
        }

        foreach (var command in VerbList.Hidden)
        {
            command.Hidden = true;
            _root.Add(command);
        }
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>0 when every check has held, 1 when one has not, 2 for a wrong command line.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await _progress.WriteLineAsync(error.Message);
            }

            await _progress.WriteLineAsync("See --help");
            return Usage;
        }

        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = _output,
                Error = _progress,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (VerbUsageException e)
        {
            await _progress.WriteLineAsync(e.Message);
            return Usage;
        }
    }

    private Command Build(IVerb verb)
    {
        var file = new Option<string?>("--out")
        {
            HelpName = "FILE",
            Description = "Writes the report to a file as well, as Markdown.",
        };
        var command = new Command(verb.Name, verb.Description) { file };
        foreach (var option in verb.Options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            var report = await verb.RunAsync(parsed, _progress, cancellation);
            var text = report.ToMarkdown();
            await _output.WriteLineAsync(text);
            if (parsed.GetValue(file) is { } path)
            {
                await File.WriteAllTextAsync(path, text, CancellationToken.None);
            }

            return report.Held ? Held : Failed;
        });
        return command;
    }
}
