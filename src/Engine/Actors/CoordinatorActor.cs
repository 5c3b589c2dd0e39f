using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;
using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The engine's front door: assigns each file to a shard and has its actor spawned there, keeps the number of open
/// files within the limit, and drains. File-system commands run on the thread pool, since they block.
/// </summary>
/// <remarks>
/// A defect costs the one command that it happened with: a restart would stop every file of the engine, and lose which
/// there are.
/// <para>
/// Placement: unless the client names a shard, files go to the least busy one in short runs, so that files opened one
/// after another share a shard. State that is hot on two shards must not share cache lines; a file's state is allocated
/// by its shard's thread.
/// </para>
/// </remarks>
internal sealed partial class CoordinatorActor : UntypedActor, IWithTimers
{
    /// <summary>How long files that were told to stop may take to say how far they were.</summary>
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a timer can be set for.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly FileEngine _engine;
    private readonly IReadOnlyList<Shard> _shards;
    private readonly IActorRef?[] _shardActors;
    private readonly int[] _openPerShard;
    private readonly Queue<QueuedOpen> _queued = new();
    private readonly Dictionary<long, OpenFile> _open = [];
    private readonly TimeSpan _openQueueTimeout;
    private readonly int _run;
    private long _lastId;
    private int _current;
    private int _inRun;
    private int _queuedPeak;
    private readonly List<IActorRef> _drainers = [];
    private Dictionary<long, DrainedFile?>? _drained;
    private long _drainDeadline = long.MaxValue;
    private bool _drainExpired;

    public CoordinatorActor(FileEngine engine, IReadOnlyList<Shard> shards)
    {
        _engine = engine;
        _shards = shards;
        _shardActors = new IActorRef?[shards.Count];
        _openPerShard = new int[shards.Count];
        _openQueueTimeout = engine.Settings.Coordinator.OpenQueueTimeout;
        _run = engine.IsThreadPerFile ? 1 : engine.Settings.Coordinator.PlacementRun;
    }

    /// <summary>Milliseconds.</summary>
    private long Now => (long)_engine.Clock.GetElapsedTime(0).TotalMilliseconds;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        -1, Timeout.InfiniteTimeSpan, new LocalOnlyDecider(_ => Directive.Resume));

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            _engine.OnDefect(nameof(CoordinatorActor), e);
            if (message is EngineCommand command)
            {
                Refuse(command, Sender, FailureReason.Unexpected, e.Message, defect: e);
            }
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case Open open:
                OnOpen(open);
                break;
            case ShardStarted started:
                OnShardStarted(started);
                break;
            case FileOpened opened:
                OnFileOpened(opened);
                break;
            case FileReleased released:
                OnFileReleased(released);
                break;
            case FileSystemCommand command:
                FileSystemWork.Start(command, Sender, _engine);
                break;
            case Drain drain:
                OnDrain(drain);
                break;
            case FileDrained drained:
                OnFileDrained(drained);
                break;
            case DrainExpired:
                OnDrainExpired();
                break;
            case ReportsDue:
                OnReportsDue();
                break;
            case WithdrawOpen withdraw:
                OnWithdrawOpen(withdraw);
                break;
            case QueueTick:
                OnQueueTick();
                break;
            case ReportShards report:
                OnReportShards(report);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // ------------------------------------------------------------------ opening

    private void OnOpen(Open open)
    {
        if (_drained is not null)
        {
            Refuse(open, Sender, FailureReason.Closing, "the engine is draining");
        }
        else if (CheckOptions(open) is { } fault)
        {
            Refuse(open, Sender, FailureReason.InvalidArgument, fault);
        }
        else if (TryGetFullPath(open, Sender, out var path))
        {
            if (_open.Count < _engine.OpenFilesMax)
            {
                Spawn(open, path, Sender);
            }
            else
            {
                Enqueue(open, path);
            }
        }
    }

    /// <summary>A relative path has none when the current directory has been deleted.</summary>
    private bool TryGetFullPath(Open open, IActorRef client, out string path)
    {
        try
        {
            path = PathName.Absolute(open.Path, _engine.Calls);
            return true;
        }
        catch (Exception e) when (e is IOException or SystemCallException)
        {
            path = "";
            var errno = e is SystemCallException failed ? failed.Errno : PortableCalls.ErrnoOf(e);
            Refuse(
                open, client, CompletionDecision.ReasonOf(errno), $"the full path of {open.Path}: {e.Message}", errno);
            return false;
        }
    }

    private string? CheckOptions(Open open)
    {
        var options = open.Options;
        if (string.IsNullOrEmpty(open.Path) || open.Path.Contains('\0'))
        {
            return "the path is empty or contains a NUL character";
        }

        return OpenOptions.FaultOf(open.Mode, options, _shards.Count)
            ?? (options?.ChunkSize > _shards[0].Buffers.BytesMax
                ? $"a chunk of {options.ChunkSize} bytes does not fit into a shard's buffers, which are "
                    + $"{_shards[0].Buffers.BytesMax} bytes (actors.engine.buffers.size-max divided by the shards)"
                : null);
    }

    private void Enqueue(Open open, string path)
    {
        var deadline = _openQueueTimeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : Now + (long)_openQueueTimeout.TotalMilliseconds;
        _queued.Enqueue(new QueuedOpen(open, path, Sender, deadline));
        _queuedPeak = Math.Max(_queuedPeak, _queued.Count);
        _engine.Telemetry.Log.OpensWait(_engine.OpenFilesMax);
        if (deadline != long.MaxValue && _queued.Count == 1)
        {
            Timers.StartSingleTimer(QueueTick.Instance, QueueTick.Instance, _openQueueTimeout);
        }
    }

    private void OnQueueTick()
    {
        while (_queued.TryPeek(out var oldest) && oldest.Deadline <= Now)
        {
            _queued.Dequeue();
            var cause =
                $"{_engine.OpenFilesMax} files are open, the most that limits allow, and none was closed within "
                + $"{_openQueueTimeout.TotalSeconds:0.###} s (actors.engine.coordinator.open-queue-timeout). "
                + (_engine.OpenFilesMax == _engine.Settings.Coordinator.OpenFilesMax
                    ? "Close files, or raise actors.engine.coordinator.open-files-max"
                    : "Close files, raise RLIMIT_NOFILE (ulimit -n), or lower "
                        + "actors.engine.coordinator.descriptor-reserve");
            Refuse(oldest.Open, oldest.Client, FailureReason.TooManyOpenFiles, cause);
            _engine.Telemetry.Log.OpenTimedOut(oldest.Open.Path, cause);
        }

        if (_queued.TryPeek(out var next))
        {
            var wait = Math.Max(1, next.Deadline - Now);
            Timers.StartSingleTimer(QueueTick.Instance, QueueTick.Instance, TimeSpan.FromMilliseconds(wait));
        }
    }

    private void Spawn(Open open, string path, IActorRef client)
    {
        var shard = open.Options?.Shard ?? ChooseShard();
        var id = ++_lastId;
        _open.Add(id, new OpenFile(path, shard, client));
        _openPerShard[shard]++;
        var spawn = new SpawnFile(id, open, path, client);

        // One that does not run yet may fail to start: for want of a descriptor, or of a thread.
        var start = _shards[shard].Loop.Start();
        if (start.IsCompletedSuccessfully)
        {
            ShardActorOf(shard).Tell(spawn, Self);
        }
        else
        {
            start.PipeTo(
                Self, success: () => new ShardStarted(spawn, shard, null),
                failure: e => new ShardStarted(spawn, shard, e));
        }
    }

    /// <summary>An open that still waits is answered here, another one by its file's actor.</summary>
    private void OnWithdrawOpen(WithdrawOpen withdraw)
    {
        for (var n = _queued.Count; n > 0; n--)
        {
            var queued = _queued.Dequeue();
            if (!RefuseIfGivenUp(queued))
            {
                _queued.Enqueue(queued);
            }
        }

        foreach (var (id, file) in _open)
        {
            if (ReferenceEquals(file.Client, withdraw.Client))
            {
                _shardActors[file.Shard]?.Tell(new WithdrawFile(id), Self);
            }
        }
    }

    private bool RefuseIfGivenUp(QueuedOpen queued)
    {
        if (queued.Client is not IOpenClient { HasGivenUp: true })
        {
            return false;
        }

        Refuse(queued.Open, queued.Client, FailureReason.Cancelled, $"the open of {queued.Path} was cancelled");
        return true;
    }

    private void OnShardStarted(ShardStarted started)
    {
        if (started.Failure is { } failure)
        {
            _engine.Tell(started.File.Client, NotStarted(started.File, failure), Self);
            OnFileReleased(new FileReleased(started.File.Id, started.Shard));
        }
        else
        {
            ShardActorOf(started.Shard).Tell(started.File, Self);
        }
    }

    /// <summary>With a thread for each file, there is one file too many for what the system can give.</summary>
    private static CommandFailed NotStarted(SpawnFile file, Exception failure)
    {
        var cause = $"open {file.FullPath}: its thread could not be started. {failure.Message}";
        return failure switch
        {
            DriverUnavailableException { Errno: 0 } =>
                new CommandFailed(file.Open, FailureReason.TooManyOpenFiles, cause),
            DriverUnavailableException { Errno: var errno } =>
                new CommandFailed(file.Open, CompletionDecision.ReasonOf(errno), cause, errno),
            _ => new CommandFailed(file.Open, FailureReason.Unexpected, cause, Exception: failure),
        };
    }

    private int ChooseShard()
    {
        if (_inRun == 0)
        {
            for (var i = 0; i < _shards.Count; i++)
            {
                if (_openPerShard[i] < _openPerShard[_current])
                {
                    _current = i;
                }
            }

            _inRun = _run;
        }

        _inRun--;
        return _current;
    }

    private IActorRef ShardActorOf(int index)
    {
        var shard = _shards[index];
        return _shardActors[index] ??= Context.ActorOf(
            ActorFactory<ShardActor>.Props(() => new ShardActor(_engine, shard)).WithDispatcher(shard.DispatcherId),
            $"shard-{index}");
    }

    private void OnFileOpened(FileOpened opened)
    {
        if (!_open.TryGetValue(opened.Id, out var file))
        {
            return;
        }

        file.Actor = opened.File;
        if (_drained is not null)
        {
            opened.File.Tell(_drainExpired ? DrainExpired.Instance : DrainFile.Instance, Self);
        }
    }

    private void OnFileReleased(FileReleased released)
    {
        if (!_open.Remove(released.Id, out var file))
        {
            return;
        }

        _openPerShard[released.Shard]--;
        if (_drained is not null)
        {
            // A file that stopped without a report, because it failed to open or crashed, has nothing to report.
            if (_drained.TryGetValue(released.Id, out var report) && report is null)
            {
                _drained[released.Id] = new DrainedFile(file.Path, 0, 0, false);
            }

            FinishDrainWhenDone();
        }
        else
        {
            SpawnNext();
        }
    }

    private void SpawnNext()
    {
        while (_queued.TryDequeue(out var next))
        {
            if (!RefuseIfGivenUp(next))
            {
                Spawn(next.Open, next.Path, next.Client);
                return;
            }
        }
    }

    private void Refuse(
        EngineCommand command, IActorRef client, FailureReason reason, string cause, int errno = 0,
        Exception? defect = null)
    {
        _engine.CallerMetrics.CountFailure(reason);
        _engine.Tell(client, new CommandFailed(command, reason, cause, errno, Exception: defect), Self);
    }

    // ------------------------------------------------------------------ reporting

    private void OnReportShards(ReportShards report)
    {
        var started = 0;
        foreach (var shardActor in _shardActors)
        {
            if (shardActor is not null)
            {
                started++;
                shardActor.Tell(new ReportShard(report.Round), Sender);
            }
        }

        Sender.Tell(new OpensReported(report.Round, started, _open.Count, _queued.Count, _queuedPeak), Self);
        if (report.Reset)
        {
            _queuedPeak = _queued.Count;
        }
    }

    protected override void PostStop()
    {
        while (_queued.TryDequeue(out var queued))
        {
            Refuse(queued.Open, queued.Client, FailureReason.Closing, "the engine stopped");
        }
    }

    private sealed record QueuedOpen(Open Open, string Path, IActorRef Client, long Deadline);

    private sealed class OpenFile(string path, int shard, IActorRef client)
    {
        public string Path => path;

        public int Shard => shard;

        public IActorRef Client => client;

        public IActorRef? Actor { get; set; }
    }

    private sealed class ReportsDue
    {
        public static readonly ReportsDue Instance = new();
    }

    private sealed class QueueTick
    {
        public static readonly QueueTick Instance = new();
    }
}
