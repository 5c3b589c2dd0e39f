using Actors.Engine.Metrics;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// Aggregates time and memory of the whole engine: has the shards report once an interval and whenever somebody asks,
/// and samples the managed heap in between.
/// </summary>
internal sealed class MetricsActor : UntypedActor, IWithTimers
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

    public MetricsActor(FileEngine engine, IReadOnlyList<Shard> shards)
    {
        _engine = engine;
        _shards = shards;
        _period = NewPeriod();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var settings = _engine.Settings.Metrics;
        Timers.StartPeriodicTimer(Tick.Shards, Tick.Shards, settings.Interval);
        Timers.StartPeriodicTimer(Tick.Heap, Tick.Heap, settings.HeapInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick.Heap:
                _period.SampleHeap();
                break;
            case Tick.Shards:
                // Skipped while a round is under way: then a shard is too busy to be asked again.
                if (!_asking)
                {
                    StartRound(false);
                }

                break;
            case Tick.Round:
                FinishRound();
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
                _missing += opens.Shards;
                FinishRoundWhenComplete();
                break;
            case ShardReported report:
                _period.Add(report.Metrics);
                _missing -= report.Round == _round ? 1 : 0;
                FinishRoundWhenComplete();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void StartRound(bool reset)
    {
        _asking = true;
        Timers.StartSingleTimer(Tick.Round, Tick.Round, RoundTimeout);
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
        Timers.Cancel(Tick.Round);
        _asking = false;
        _round++;
        while (_served-- > 0 && _asked.TryDequeue(out var next))
        {
            // Whoever asked after the round began, or after somebody who resets, gets a round of his own.
            next.Client.Tell(_period.ToMetrics(_engine, _shards, _opens), Self);
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

    protected override void PostStop()
    {
        while (_asked.TryDequeue(out var asked))
        {
            asked.Client.Tell(
                new CommandFailed(asked.Command, FailureReason.Closing, "the engine stopped"), Self);
        }
    }

    private static class Tick
    {
        public const string Shards = "shards";
        public const string Heap = "heap";
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
        private long _heapPeak = GC.GetTotalMemory(false);

        public void SampleHeap() => _heapPeak = Math.Max(_heapPeak, GC.GetTotalMemory(false));

        public void Add(ShardMetrics metrics) => _sum.Add(metrics);

        public EngineMetrics ToMetrics(FileEngine engine, IReadOnlyList<Shard> shards, OpensReported opens)
        {
            SampleHeap();
            return new EngineMetrics
            {
                Period = System.Diagnostics.Stopwatch.GetElapsedTime(_startedAt),
                Operations = _sum.Operations,
                KernelOperations = _sum.KernelOperations,
                InlineOperations = _sum.InlineOperations,
                BytesWritten = _sum.BytesWritten,
                BytesRead = _sum.BytesRead,
                Failures = _sum.Failures,
                QueueWait = _sum.QueueWait.Summarize(),
                Service = _sum.Service.Summarize(),
                Total = _sum.Total.Summarize(),
                Sampled = engine.Settings.Metrics.SampleEvery,
                MailboxHighWater = _sum.MailboxHighWater,
                MailboxRefused = engine.Counters.Refused - _refusedAtStart,
                PeakBufferBytes = shards.Sum(shard => shard.Buffers.BytesPeak),
                PeakManagedBytes = _heapPeak,
                AllocatedBytes = GC.GetTotalAllocatedBytes() - _allocatedAtStart,
                GcPause = GC.GetTotalPauseDuration() - _pauseAtStart,
                OpenFiles = opens.OpenFiles,
                QueuedOpens = opens.QueuedOpens,
                QueuedOpensPeak = opens.QueuedOpensPeak,
            };
        }
    }
}
