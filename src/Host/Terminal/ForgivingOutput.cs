using System.Text;
using Spectre.Console;

namespace Actors.Host.Terminal;

/// <summary>What is drawn for people beside the results: a terminal that is gone does not end the run.</summary>
internal sealed class ForgivingOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput _output = new(writer);

    public TextWriter Writer { get; } = new ForgivingWriter(writer);

    public bool IsTerminal => _output.IsTerminal;

    public int Width => _output.Width;

    public int Height => _output.Height;

    public void SetEncoding(Encoding encoding) => _output.SetEncoding(encoding);
}
