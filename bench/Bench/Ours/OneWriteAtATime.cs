using System.Diagnostics;
using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Peers;
using Actors.Bench.Work;
using Actors.Engine;
using Actors.Host.Running;
using Akka.Actor;

namespace Actors.Bench.Ours;

/// <summary>A client that has one write in flight, and how long each takes to be acknowledged.</summary>
/// <param name="backend">The backend, or auto.</param>
/// <param name="isColocated">Whether the client lives on the file's shard, or on the default dispatcher.</param>
/// <param name="writes">How many.</param>
internal sealed class OneWriteAtATime(string backend, bool isColocated, int writes) : IWarmRunner
{
    private EngineHost? _host;

    public async Task<Measurement> RunAsync(string directory)
    {
        var host = _host ??= await EngineHost.StartAsync(
            Shipped.Load("seed").Configuration, backend, Console.Error.WriteLine);
        var path = WriteLines.PathsIn(directory, 1).First();
        var times = new long[writes];
        var done = new TaskCompletionSource();
        var meter = Meter.Start();
        host.System.ActorOf(ActorFactory<ClientActor>.Props(
            () => new ClientActor(host.Engine.Coordinator, path, times, done),
            isColocated ? host.Engine.DispatcherId(0) : null));
        await done.Task;
        return meter.Stop(Percentiles.Of(times));
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class ClientActor(IActorRef engine, string path, long[] times, TaskCompletionSource done)
        : UntypedActor
    {
        private readonly LineBuffer _line = new();
        private IActorRef _file = ActorRefs.Nobody;
        private int _written;
        private long _sentAt;

        protected override void PreStart() =>
            engine.Tell(new Open(path, OpenMode.Write, new OpenOptions { Shard = 0 }));

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Opened:
                    _file = Sender;
                    WriteNext();
                    break;
                case Written:
                    times[_written++] = Stopwatch.GetTimestamp() - _sentAt;
                    if (_written < times.Length)
                    {
                        WriteNext();
                    }
                    else
                    {
                        _file.Tell(new Close());
                    }

                    break;
                case Closed:
                    done.TrySetResult();
                    Context.Stop(Self);
                    break;
                case CommandFailed failed:
                    done.TrySetException(new ContestantException($"{failed.Reason}: {failed.Cause}"));
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        private void WriteNext()
        {
            var line = _line.Format(_written);
            _sentAt = Stopwatch.GetTimestamp();
            _file.Tell(new Write(line));
        }
    }
}
