using System.Text;

namespace Actors.Host.Terminal;

/// <summary>
/// Writes messages for people, which quote file names and settings: what would steer the terminal is shown as an
/// escape. A message that cannot be written is lost; there is nobody to tell.
/// </summary>
internal sealed class MessageWriter(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value) => Send(() => output.Write(Printable.Of(value ?? "")));

    // One write a line, so that lines of several threads do not mix.
    public override void WriteLine(string? value) => Send(() => output.WriteLine(Printable.Of(value ?? "")));

    public override void Flush() => Send(output.Flush);

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
