using System.CommandLine;
using System.CommandLine.Help;
using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Logging;
using Actors.Host.Running;
using Actors.Host.Terminal;

namespace Actors.Host.Commands;

/// <summary>The command line: parses, dispatches, turns what goes wrong into a message and an exit code.</summary>
internal sealed class ActorsCommand
{
    private const string Name = "actors";

    private readonly Consoles _consoles;
    private readonly Command _root;

    public ActorsCommand(Consoles consoles, Interruption interruption)
    {
        _consoles = consoles;
        // Not a RootCommand, which would be called by the assembly's name.
        _root = new Command(
            Name,
            $"Concurrent file I/O on actors. Without a command: run. {Tracing.Variable}=1 shows stack traces.")
        {
            new RunCommand(consoles, interruption).Build(),
            new ProbeCommand(consoles).Build(),
            new VerifyCommand(consoles).Build(),
            new HelpOption(),
            new VersionOption(),
        };
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = _root.Parse(args.Count == 0 ? ["run"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                _consoles.Error.WriteLine(error.Message);
            }

            _consoles.Error.WriteLine($"See: actors {CommandName(parsed)}--help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = _consoles.Output,
                Error = _consoles.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    private int Explain(Exception e)
    {
        var isUsage = e is UsageException or HoconException or FileEngineConfigurationException;
        if (Tracing.IsOn)
        {
            _consoles.Error.WriteLine(e);
        }
        else
        {
            _consoles.Error.WriteLine(isUsage ? e.Message : $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }

        return isUsage ? ExitCodes.Usage : ExitCodes.Failed;
    }

    private static string CommandName(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name ? "" : parsed.CommandResult.Command.Name + " ";
}
