using Actors.Engine;
using Actors.Reliability.Soak.Load;
using Akka.Actor;

namespace Actors.Reliability.Soak.Fairness;

/// <summary>A client that keeps its file as busy as its credits allow: every answer brings as many appends.</summary>
internal sealed class HotFile(FileEngine engine, string path, TaskCompletionSource closed) : UntypedActor
{
    private const int Size = 400;

    private IActorRef _file = ActorRefs.Nobody;
    private long _token;
    private int _unanswered;
    private bool _finishing;

    protected override void PreStart() => engine.Coordinator.Tell(
        new Open(path, OpenMode.Write, new OpenOptions { Shard = 0 }), Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Opened opened:
                _file = Sender;
                Send(opened.Credits / 2);
                break;
            case Written written:
                _unanswered -= written.Count;
                Send(_finishing ? 0 : written.Count);
                break;
            case FinishLoad:
                _finishing = true;
                break;
            case Closed:
                closed.TrySetResult();
                Context.Stop(Self);
                return;
            default:
                closed.TrySetException(new InvalidOperationException($"{message}"));
                Context.Stop(Self);
                return;
        }

        if (_finishing && _unanswered == 0)
        {
            _file.Tell(new Close(), Self);
        }
    }

    private void Send(int count)
    {
        // The file stays small: what is hot is the file, not the disk.
        for (_unanswered += count; count > 0; count--, _token++)
        {
            _file.Tell(new Write(SoakData.Of(0, _token, Size), _token % 4096 * Size, _token), Self);
        }
    }
}
