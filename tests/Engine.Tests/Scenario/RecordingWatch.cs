using System.Collections.Concurrent;
using Actors.Engine.Scheduling;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Keeps what a shard's watch is told.</summary>
internal sealed class RecordingWatch : IShardWatch
{
    public ConcurrentQueue<Exception> Errors { get; } = new();

    public ConcurrentQueue<Exception> DriverFailures { get; } = new();

    public ConcurrentQueue<string> Refusals { get; } = new();

    public int Replacements { get; private set; }

    public void OnError(Exception exception) => Errors.Enqueue(exception);

    public void OnDriverFailed(Exception exception) => DriverFailures.Enqueue(exception);

    public void OnDriverReplaced() => Replacements++;

    public void OnRefusing(string cause, Exception exception) => Refusals.Enqueue(cause);
}
