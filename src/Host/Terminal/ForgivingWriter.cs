using System.Text;

namespace Actors.Host.Terminal;

/// <summary>What cannot be written is lost; there is nobody to tell.</summary>
internal class ForgivingWriter(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value) => Send(() => output.Write(Shown(value ?? "")));

    // One write a line, so that lines of several threads do not mix.
    public override void WriteLine(string? value) => Send(() => output.WriteLine(Shown(value ?? "")));

    public override void Flush() => Send(output.Flush);

    /// <summary>What is written for a text.</summary>
    protected virtual string Shown(string text) => text;

    private static void Send(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk behind 2>, a terminal that is gone, a descriptor that was closed.
        }
    }
}
