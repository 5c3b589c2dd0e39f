namespace Actors.Engine.Drivers;

/// <summary>Takes completions that nobody waits for any more: those that come back while a driver is closed.</summary>
internal sealed class Discard : ICompletionSink
{
    public static readonly Discard Sink = new();

    public void Complete(IoOperation operation)
    {
    }
}
