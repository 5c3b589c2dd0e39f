using Akka.Actor.Setup;

namespace Actors.Host.Logging;

/// <summary>Tells a system's <see cref="LineLogger"/> where its lines go.</summary>
/// <param name="warnings">Takes a line. Called from any thread.</param>
/// <param name="errors">Takes a line. Called from any thread.</param>
internal sealed class LogSink(Action<string> warnings, Action<string> errors) : Setup
{
    /// <summary>Takes one line.</summary>
    public void Write(bool isError, string line) => (isError ? errors : warnings)(line);
}
