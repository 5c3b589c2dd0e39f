using System.Collections.Concurrent;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>
/// A file of the scenario and its client: what is sent to it, and what comes back. Not an actor, so that it counts what
/// comes after the end too.
/// </summary>
internal sealed class ScriptedFile(ActorSystem system, string path, OpenMode mode, OpenOptions options)
    : MinimalActorRef
{
    private readonly ConcurrentQueue<object> _answers = new();
    private readonly TaskCompletionSource<IActorRef?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    public string File => path;

    public OpenMode Mode => mode;

    public OpenOptions Options => options;

    /// <summary>Before it is opened; null: it does not exist.</summary>
    public byte[]? Before { get; init; }

    /// <summary>Sent at once, in this order, as soon as the file is open.</summary>
    public required IReadOnlyList<FileCommand> Commands { get; init; }

    /// <summary>Everything that came, in order, the answer to the open included.</summary>
    public IReadOnlyCollection<object> Answers => _answers;

    public override ActorPath Path { get; } = ((ExtendedActorSystem)system).Provider.RootPath / "clients" / "scripted";

    public override IActorRefProvider Provider { get; } = ((ExtendedActorSystem)system).Provider;

    /// <summary>Opens it, sends everything, and waits until as much is answered.</summary>
    public async Task PlayAsync(IActorRef coordinator)
    {
        if (Before is not null)
        {
            await System.IO.File.WriteAllBytesAsync(path, Before);
        }

        _missing = Commands.Count;
        coordinator.Tell(new Open(path, mode, options), this);
        if (await _opened.Task.WaitAsync(EngineScenario.Patience) is { } file)
        {
            foreach (var command in Commands)
            {
                file.Tell(command, this);
            }

            await _answered.Task.WaitAsync(EngineScenario.Patience);
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        _answers.Enqueue(message);
        if (message is Opened or CommandFailed { Command: Open })
        {
            _opened.TrySetResult(message is Opened ? sender : null);
        }
        else if (message is Chunk or LineBatch)
        {
            // Part of the answer to a demand; the content is looked at later, and the buffer stays out until then.
        }
        else if (Interlocked.Add(ref _missing, message is Written written ? -written.Count : -1) <= 0)
        {
            _answered.TrySetResult();
        }
    }
}
