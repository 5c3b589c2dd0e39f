using System.Diagnostics;
using Actors.Engine;
using Actors.Host.Scenarios;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// A client of the engine for one file: opens it, keeps it busy within its credits, syncs it if the phase says so,
/// closes it, and tells its parent once what became of it. It lives on the file's shard, so every exchange with the
/// file actor stays on one thread.
/// </summary>
internal abstract class ProducerActor : UntypedActor
{
    private readonly IActorRef _parent;
    private bool _opening;
    private bool _closing;
    private bool _halted;
    private bool _ended;
    private bool _synced;
    private bool _stopping;
    private bool _told;
    private int _errors;
    private int _refused;
    private string? _firstError;

    protected ProducerActor(FileJob job)
    {
        Job = job;
        Me = Context.Self;
        _parent = Context.Parent;
    }

    /// <summary>What is to be done.</summary>
    protected FileJob Job { get; }

    /// <summary>This actor; a field, because <c>Self</c> looks it up in thread-local state each time.</summary>
    protected IActorRef Me { get; }

    /// <summary>The file actor, from <see cref="Opened"/> on.</summary>
    protected IActorRef File { get; private set; } = ActorRefs.Nobody;

    /// <summary>Commands sent to the file actor and not answered yet.</summary>
    protected int Unanswered { get; set; }

    /// <summary>Whether the kernel may still use memory of a command that has its answer.</summary>
    protected bool HasUnfinished { get; private set; }

    /// <summary>False when nothing new may be sent: a command failed, the time is over, or the run is being
    /// stopped.</summary>
    protected bool MaySend => !_halted && !_ended;

    /// <summary>Units answered with success.</summary>
    protected long Units { get; set; }

    /// <summary>How many of them were reads.</summary>
    protected virtual long Reads => Job.Plan.Settings.Operation == PhaseOperation.Read ? Units : 0;

    /// <summary>Bytes of them all.</summary>
    protected long Bytes { get; set; }

    /// <summary>What a reader of lines has computed over the bytes that came.</summary>
    protected virtual ulong Digest => 0;

    /// <summary>What a reader of blocks has found wrong first, in words.</summary>
    protected virtual string? Mistake => null;

    /// <summary>How the file is opened.</summary>
    protected abstract Open OpenCommand();

    /// <summary>The file is open: send what the credits allow, or <see cref="FinishWhenIdle"/>.</summary>
    protected abstract void OnOpened(Opened opened);

    /// <summary>Takes the events of the file's data; false for anything else.</summary>
    protected abstract bool OnData(object message);

    /// <summary>The warm-up is over: what was counted does not count.</summary>
    protected virtual void OnMeasured() => Units = Bytes = 0;

    /// <summary>Nothing will come any more; give back what is held.</summary>
    protected virtual void OnFinished()
    {
    }

    protected sealed override void OnReceive(object message)
    {
        if (OnData(message))
        {
            return;
        }

        switch (message)
        {
            case BeginPhase:
                _opening = true;
                Job.Coordinator.Tell(OpenCommand(), Me);
                break;
            case Opened opened:
                _opening = false;
                File = Sender;
                StartOn(opened);
                break;
            case Synced:
                Unanswered--;
                FinishWhenIdle();
                break;
            case Closed:
                Finish();
                break;
            case CommandFailed failed:
                OnFailed(failed);
                break;
            case BeginMeasuring:
                OnMeasured();
                break;
            case EndPhase:
                OnEnded();
                break;
            case StopPhase:
                OnStop();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Sends the sync and then the close, each when nothing is unanswered.</summary>
    protected void FinishWhenIdle()
    {
        if (Unanswered > 0 || _closing)
        {
            return;
        }

        if (Job.Plan.Settings.Sync && !_synced && !_halted)
        {
            _synced = true;
            Unanswered++;
            File.Tell(new Sync(SyncScope.All), Me);
            return;
        }

        _closing = true;
        File.Tell(new Close(), Me);
    }

    protected override void PostStop()
    {
        if (!_told)
        {
            // Stopped by its supervisor after an exception, which the log has.
            _errors++;
            _firstError ??= $"{Job.Plan.PathOf(Job.File)}: its producer stopped before the file was closed";
            Tell();
        }
    }

    private void StartOn(Opened opened)
    {
        if (MaySend)
        {
            OnOpened(opened);
        }
        else
        {
            FinishWhenIdle();
        }
    }

    private void OnFailed(CommandFailed failed)
    {
        if (_stopping && failed.Reason is FailureReason.Closing or FailureReason.NotOpen)
        {
            _refused++;
        }
        else
        {
            _errors++;
            _firstError ??= $"{failed.Reason}: {failed.Cause}";
        }

        _halted = true;
        HasUnfinished |= failed.IsUnfinished;
        if (failed.Command is Open or Close)
        {
            Finish();
            return;
        }

        Unanswered--;
        FinishWhenIdle();
    }

    private void OnEnded()
    {
        _ended = true;
        if (!File.IsNobody())
        {
            FinishWhenIdle();
        }
    }

    private void OnStop()
    {
        _halted = true;
        _stopping = true;
        if (!File.IsNobody())
        {
            FinishWhenIdle();
        }
        else if (!_opening)
        {
            Finish();
        }
    }

    private void Finish()
    {
        OnFinished();
        Tell();
        Context.Stop(Me);
    }

    private void Tell()
    {
        _told = true;
        _parent.Tell(
            new FileResult(
                Job.File, Units, Reads, Bytes, Digest, Mistake, _errors, _firstError, _refused,
                Stopwatch.GetTimestamp()),
            Me);
    }
}
