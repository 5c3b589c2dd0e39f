using Actors.Engine.Metrics;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// Aggregates time and memory of the whole engine: has the shards report once an interval and whenever somebody asks.
/// </summary>
/// <remarks>On timers of the runtime: Akka's scheduler, once anything has been scheduled, wakes a thread a hundred times
/// a second for the rest of the process.</remarks>
internal sealed class MetricsActor : UntypedActor
{
    private static readonly TimeSpan RoundTimeout = TimeSpan.FromSeconds(5);

    private readonly FileEngine _engine;
    private readonly IReadOnlyList<Shard> _shards;
    private readonly Queue<(CollectMetrics Command, IActorRef Client)> _asked = new();
    private Period _period;
    private long _round;
    private int _missing;
    private int _served;
    private OpensReported _opens = new(0, 0, 0, 0, 0);
    private bool _asking;
    private long _askingSince;
    private ITimer? _interval;
    private ITimer? _patience;

    public MetricsActor(FileEngine engine, IReadOnlyList<Shard> shards)
    {
        _engine = engine;
        _shards = shards;

        // Reports to an earlier actor, which a defect has ended, must not be taken for this one's.
        _round = engine.Clock.GetTimestamp();
        _period = NewPeriod();
    }

    protected override void PreStart()
    {
        var interval = _engine.Settings.Metrics.Interval;
        _interval = TimerOf(Tick.Shards);
        _interval.Change(interval, interval);
        _patience = TimerOf(Tick.Round);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick.Shards:
                // Skipped while a round is under way: then a shard is too busy to be asked again.
                if (!_asking)
                {
                    StartRound(false);
                }

                break;
            case Tick.Round when _asking && _engine.Clock.GetElapsedTime(_askingSince) >= RoundTimeout:
                FinishRound();
                break;
            case Tick.Round:
                // Of a round that ended just now.
                break;
            case CollectMetrics collect:
                _asked.Enqueue((collect, Sender));
                if (!_asking)
                {
                    StartRound(collect.Reset);
                }

                break;
            case OpensReported opens when opens.Round == _round:
                _opens = opens;
                _engine.Telemetry.SetOpens(opens.OpenFiles, opens.QueuedOpens);
                _missing += opens.Shards;
                FinishRoundWhenComplete();
                break;
            case OpensReported:
                // Of a round that ended without it.
                break;
            case ShardReported report:
                Add(report.Metrics);
                _missing -= report.Round == _round ? 1 : 0;
                FinishRoundWhenComplete();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Add(ShardMetrics report)
    {
        _period.Add(report);
        _engine.Telemetry.Add(report);
    }

    private void StartRound(bool reset)
    {
        _asking = true;
        _askingSince = _engine.Clock.GetTimestamp();
        _patience!.Change(RoundTimeout, Timeout.InfiniteTimeSpan);
        _missing = 0;
        _served = _asked.Count;
        _round++;
        _engine.Coordinator.Tell(new ReportShards(_round, reset), Self);
    }

    /// <summary>Shards may report before the coordinator has said how many they are. A shard whose thread is blocked
    /// cannot report; after a while the round ends without it, and its figures come with a later one.</summary>
    private void FinishRoundWhenComplete()
    {
        if (_opens.Round == _round && _missing == 0)
        {
            FinishRound();
        }
    }

    private void FinishRound()
    {
        Add(_engine.CallerMetrics.Take());
        _patience!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _asking = false;
        _round++;
        while (_served-- > 0 && _asked.TryPeek(out var next))
        {
            // Whoever asked after the round began, or after somebody who resets, gets a round of his own.
            _engine.Tell(next.Client, _period.ToMetrics(_engine, _shards, _opens), Self);
            _asked.Dequeue();
            if (next.Command.Reset)
            {
                _period = NewPeriod();
                break;
            }
        }

        if (_asked.TryPeek(out var waiting))
        {
            StartRound(waiting.Command.Reset);
        }
    }

    private Period NewPeriod()
    {
        foreach (var shard in _shards)
        {
            shard.Buffers.ResetPeak();
        }

        return new Period(_engine);
    }

    private ITimer TimerOf(string tick)
    {
        var self = Self;
        return _engine.Clock.CreateTimer(
            _ => self.Tell(tick, ActorRefs.NoSender), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A restart begins a new period; what the meter reads is kept outside.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _engine.OnDefect(nameof(MetricsActor), reason);
        Stop(FailureReason.Unexpected, reason.Message, reason);
    }

    protected override void PostStop() => Stop(FailureReason.Closing, "the engine stopped", null);

    private void Stop(FailureReason reason, string cause, Exception? exception)
    {
        _interval?.Dispose();
        _patience?.Dispose();
        while (_asked.TryDequeue(out var asked))
        {
            _engine.Tell(
                asked.Client, new CommandFailed(asked.Command, reason, cause, Exception: exception), Self);
        }
    }

    private static class Tick
    {
        public const string Shards = "shards";
        public const string Round = "round";
    }

    /// <summary>The figures from one reset to the next.</summary>
    private sealed class Period(FileEngine engine)
    {
        private readonly ShardMetrics _sum = new(1);
        private readonly long _startedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        private readonly long _allocatedAtStart = GC.GetTotalAllocatedBytes();
        private readonly TimeSpan _pauseAtStart = GC.GetTotalPauseDuration();
        private readonly long _refusedAtStart = engine.Counters.Refused;

        public void Add(ShardMetrics metrics) => _sum.Add(metrics);

        public EngineMetrics ToMetrics(FileEngine engine, IReadOnlyList<Shard> shards, OpensReported opens)
        {
            _sum.SampleHeap();
            return new EngineMetrics
            {
                Period = System.Diagnostics.Stopwatch.GetElapsedTime(_startedAt),
                Operations = _sum.Operations,
                KernelOperations = _sum.KernelOperations,
                InlineOperations = _sum.InlineOperations,
                BytesWritten = _sum.BytesWritten,
                BytesRead = _sum.BytesRead,
                Syncs = _sum.Syncs,
                Failures = _sum.FailuresInAll,
                QueueWait = _sum.QueueWait.Summarize(),
                Service = _sum.Service.Summarize(),
                Total = _sum.Total.Summarize(),
                Sampled = engine.Settings.Metrics.SampleEvery,
                MailboxHighWater = _sum.MailboxHighWater,
                MailboxRefused = engine.Counters.Refused - _refusedAtStart,
                PeakBufferBytes = shards.Sum(shard => shard.Buffers.BytesPeak),
                PeakManagedBytes = _sum.HeapPeak,
                AllocatedBytes = GC.GetTotalAllocatedBytes() - _allocatedAtStart,
                GcPause = GC.GetTotalPauseDuration() - _pauseAtStart,
                OpenFiles = opens.OpenFiles,
                PoisonedFiles = engine.Counters.Poisoned,
                QueuedOpens = opens.QueuedOpens,
                QueuedOpensPeak = opens.QueuedOpensPeak,
            };
        }
    }
}
