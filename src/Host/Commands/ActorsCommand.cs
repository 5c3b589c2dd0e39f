using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
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
    private const int MessageMax = 2000;
    private const int LinesMax = 25;
    private const int ErrorsShown = 5;

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
            new ProbeCommand(consoles, interruption).Build(),
            new VerifyCommand(consoles, interruption).Build(),
            new HelpOption(),
            new VersionOption(),
        };
    }

    /// <summary>Takes a command line apart. An argument is what it is: @file does not mean its content.</summary>
    public static ParseResult Parse(Command command, IReadOnlyList<string> args) =>
        command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = Parse(_root, args.Count == 0 ? ["run"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in Problems(parsed).Take(ErrorsShown))
            {
                _consoles.Error.WriteLine(Cut(problem));
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
            var isSaid = isUsage || e is IOException or UnauthorizedAccessException;
            _consoles.Error.WriteLine(Cut(
                isSaid ? e.Message : $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"));
        }

        return isUsage ? ExitCodes.Usage : ExitCodes.Failed;
    }

    // The parser takes a misspelt option for an argument, and complains of what comes after it.
    private static IEnumerable<string> Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var strange = parsed.Tokens
            .FirstOrDefault(t => t is { Type: TokenType.Argument, Value: ['-', '-', _, ..] })?.Value;
        if (strange is not null)
        {
            return [$"{strange} is no option here. Legal: {string.Join(", ", command.Options.Select(o => o.Name))}."];
        }

        return command.Name == Name && parsed.UnmatchedTokens is [var unknown, ..]
            ? [$"{unknown} is no command. Legal: {string.Join(", ", command.Subcommands.Select(c => c.Name))}."]
            : parsed.Errors.Select(e => e.Message);
    }

    // Messages quote what they were given, however long that was.
    private static string Cut(string message)
    {
        var cut = message.Length <= MessageMax ? message : $"{message[..MessageMax]}...";
        var lines = cut.Split('\n');
        return lines.Length <= LinesMax ? cut : $"{string.Join('\n', lines.Take(LinesMax))}\n...";
    }

    private static string CommandName(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == Name ? "" : parsed.CommandResult.Command.Name + " ";
}
