using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers;

/// <summary>Takes completions that nobody waits for any more: those that come back while a driver is closed. A file that
/// was opened is closed again, for nobody else knows of it.</summary>
internal sealed class Discard : ICompletionSink
{
    public static readonly Discard Sink = new();

    public void Complete(IoOperation operation)
    {
        if (operation is { Kind: IoKind.Open, Result: >= 0 })
        {
            BlockingCalls.Platform.Perform(
                new IoOperation { Kind = IoKind.Close, File = new FileHandle((int)operation.Result) });
        }
    }
}
