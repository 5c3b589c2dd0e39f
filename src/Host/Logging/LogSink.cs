using Akka.Actor.Setup;

namespace Actors.Host.Logging;

/// <summary>Tells a system's <see cref="LineLogger"/> where its lines go.</summary>
/// <param name="writeLine">Called from any thread.</param>
internal sealed class LogSink(Action<string> writeLine) : Setup
{
    /// <summary>Takes one line.</summary>
    public Action<string> WriteLine { get; } = writeLine;
}
