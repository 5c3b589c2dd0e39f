using Actors.Host.Commands;
using Actors.Host.Progress;
using Spectre.Console;

namespace Actors.Host.Terminal;

/// <summary>
/// Where output goes: results to the standard output, everything else (progress, notes, errors) to the standard error.
/// Colours only on a terminal, and none under NO_COLOR.
/// </summary>
internal sealed class Consoles
{
    private const int PipeColumns = 120;
    private const string ShowCursor = "\e[?25h";

    private readonly Lazy<IAnsiConsole> _results;
    private readonly Lazy<IAnsiConsole> _messages;

    /// <param name="output">The standard output.</param>
    /// <param name="error">The standard error.</param>
    /// <param name="documents">The standard output for documents, which are UTF-8 whatever the terminal is set to; null
    /// where <paramref name="output"/> is.</param>
    public Consoles(TextWriter output, TextWriter error, TextWriter? documents = null)
    {
        Output = output;
        Documents = documents ?? output;
        Error = TextWriter.Synchronized(new MessageWriter(error));
        // Only when used: a quiet run prints no table, and need not find out what the terminal can do.
        _results = new Lazy<IAnsiConsole>(() => Create(new AnsiConsoleOutput(output)));
        _messages = new Lazy<IAnsiConsole>(() => Create(new ForgivingOutput(error)));
    }

    /// <summary>For results alone.</summary>
    public TextWriter Output { get; }

    /// <summary>For results that are documents: no locale has a say in them.</summary>
    public TextWriter Documents { get; }

    /// <summary>For everything else.</summary>
    public TextWriter Error { get; }

    /// <summary>The standard output, for what is drawn.</summary>
    public IAnsiConsole Results => _results.Value;

    /// <summary>The standard error, for what is drawn.</summary>
    private IAnsiConsole Messages => _messages.Value;

    /// <summary>Draws tables: on the standard output, unless a document is to be alone there.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Draw(DocumentTarget? document, Action<IAnsiConsole> draw)
    {
        var isAside = document?.IsStandardOutput == true;
        try
        {
            draw(isAside ? Messages : Results);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The standard {(isAside ? "error" : "output")} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>What shows the progress of a run.</summary>
    public IRunProgress Progress(bool quiet)
    {
        if (quiet)
        {
            return new QuietProgress(Error);
        }

        return Messages.Profile.Out.IsTerminal && Messages.Profile.Capabilities.Ansi
            ? new LiveProgress(Messages)
            : new PlainProgress(Error);
    }

    /// <summary>Leaves the terminal usable when the process ends in the middle of a live display.</summary>
    public void RestoreTerminal()
    {
        if (Messages.Profile.Out.IsTerminal && Messages.Profile.Capabilities.Ansi)
        {
            Messages.Profile.Out.Writer.Write(ShowCursor);
            Messages.Profile.Out.Writer.Flush();
        }
    }

    private static IAnsiConsole Create(IAnsiConsoleOutput output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PipeColumns;
            console.Profile.Capabilities.Ansi = false;
            console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        return console;
    }
}
