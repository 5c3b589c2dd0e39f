namespace Actors.Host.Terminal;

/// <summary>
/// Writes messages for people, which quote file names and settings: what would steer the terminal is shown as an
/// escape. A message that cannot be written is lost.
/// </summary>
internal sealed class MessageWriter(TextWriter output) : ForgivingWriter(output)
{
    protected override string Shown(string text) => Printable.Of(text);
}
