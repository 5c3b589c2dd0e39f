using Actors.Engine;
using Actors.Host.Running;
using Actors.Reliability.Crash.Content;
using Akka.Actor;

namespace Actors.Reliability.Crash.Writing;

/// <summary>
/// An actor that appends lines to its file, never beyond its window and the credits. Where the file is durable by
/// itself, what is answered is; otherwise what was sent before a sync that is answered.
/// </summary>
internal sealed class ProtocolWriter : UntypedActor
{
    private const int SyncEvery = 8;

    private readonly WriterSession _session;
    private readonly int _number;
    private readonly OpenOptions _options;
    private readonly int _window;
    private readonly TaskCompletionSource _failed;
    private IActorRef _file = ActorRefs.Nobody;
    private Opened? _opened;
    private long _sent;
    private long _written;
    private long _durable;
    private long _bytesUnderWay;

    private ProtocolWriter(
        WriterSession session, int number, OpenOptions options, int window, TaskCompletionSource failed)
    {
        _session = session;
        _number = number;
        _options = options;
        _window = window;
        _failed = failed;
    }

    private bool Syncs => _options.Durability == Durability.None;

    /// <summary>Makes one; <paramref name="failed"/> is told when it cannot go on.</summary>
    public static Props Props(
        WriterSession session, int file, OpenOptions options, int window, TaskCompletionSource failed) =>
        ActorFactory<ProtocolWriter>.Props(() => new ProtocolWriter(session, file, options, window, failed));

    protected override void PreStart() => _session.Engine.Coordinator.Tell(
        new Open(_session.PathOf(_number), OpenMode.Append, _options), Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Opened opened:
                _opened = opened;
                _file = Sender;
                Send();
                break;
            case Written written:
                _written += written.Count;
                _bytesUnderWay -= written.Bytes;
                if (!Syncs)
                {
                    Acknowledge(_written);
                }

                Send();
                break;
            case Synced synced:
                Acknowledge(synced.Token);
                Send();
                break;
            default:
                _failed.TrySetException(new InvalidOperationException($"{_session.PathOf(_number)}: {message}"));
                break;
        }
    }

    private void Acknowledge(long lines)
    {
        _durable = lines;
        _session.Acknowledge(_number, lines - 1);
    }

    private void Send()
    {
        while (_sent - _durable < _window && _sent - _written < _opened!.Credits)
        {
            var line = NumberedLines.Of(_session.Seed, _number, _sent);
            if (_bytesUnderWay > 0 && _bytesUnderWay + line.Length > _opened.CreditBytes)
            {
                return;
            }

            _bytesUnderWay += line.Length;
            _file.Tell(new Write(line, Write.Append, _sent++), Self);
            if (Syncs && _sent % SyncEvery == 0)
            {
                _file.Tell(new Sync(Token: _sent), Self);
            }
        }
    }
}
