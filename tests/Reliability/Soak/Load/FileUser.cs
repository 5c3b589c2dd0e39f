using Actors.Engine;
using Akka.Actor;

namespace Actors.Reliability.Soak.Load;

/// <summary>
/// A client of the protocol: opens a file, sends commands as far as its window goes, ends it in one way or another, and
/// begins again. What the commands are is up to whoever derives from it.
/// </summary>
internal abstract class FileUser : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private Opened? _opened;
    private int _budget;
    private bool _opening;
    private bool _ending;
    private bool _finishing;

    protected FileUser(SoakEngine soak, int id)
    {
        Soak = soak;
        Id = id;
        Random = new Random(soak.Seed + id);
        Ledger = new CommandLedger(soak.Counts, Name, false);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected SoakEngine Soak { get; }

    protected int Id { get; }

    protected string Name => $"{Soak.Backend} {GetType().Name} {Id}";

    protected Random Random { get; }

    protected CommandLedger Ledger { get; set; }

    protected IActorRef File { get; private set; } = ActorRefs.Nobody;

    protected string Path { get; private set; } = "";

    protected long Token { get; private set; }

    /// <summary>Commands of a life, at most.</summary>
    protected virtual int Budget => Random.Next(10, 300);

    /// <summary>Sends more than its credits allow.</summary>
    protected virtual bool IgnoresCredits => false;

    // ------------------------------------------------------------------ what a kind of user adds

    /// <summary>The next file.</summary>
    protected abstract Open NextOpen();

    /// <summary>It is open.</summary>
    protected abstract void OnOpened(Opened opened);

    /// <summary>The next command, with the given token; null when none can go out now.</summary>
    protected abstract FileCommand? Next(long token);

    /// <summary>A command was done.</summary>
    protected abstract void OnDone(FileCommand command, object answer);

    /// <summary>A command was not.</summary>
    protected abstract void OnFailed(CommandFailed failed);

    /// <summary>Everything is answered.</summary>
    /// <param name="isClosed">The file was closed, rather than its actor stopped.</param>
    protected abstract void OnOver(bool isClosed);

    /// <summary>A message that is no answer.</summary>
    /// <returns>Whether it was known.</returns>
    protected virtual bool OnOther(object message) => false;

    // ------------------------------------------------------------------ messages

    protected override void PreStart() => OpenNext();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Opened opened:
                Soak.Counts.CountAnswered();
                Begin(opened);
                break;
            case CommandFailed { Command: Open } failed:
                Soak.Counts.CountAnswered();
                Soak.Counts.CountFailure(failed.Reason);
                _opening = false;
                Rest();
                break;
            case Again:
                OpenNext();
                break;
            case FinishLoad:
                _finishing = true;
                _budget = 0;
                break;
            case CommandFailed failed:
                OnCommandFailed(failed);
                break;
            case var _ when OnOther(message):
                break;
            default:
                foreach (var command in Ledger.Answered(message))
                {
                    OnDone(command, message);
                }

                break;
        }

        Pump();
    }

    /// <summary>Sends whatever may be sent.</summary>
    protected void Pump()
    {
        while (_opened is not null && _budget > 0 && HasCredit() && Next(Token) is { } command)
        {
            Token++;
            _budget--;
            Send(command);
        }

        if (_opened is not null && _budget == 0 && !_ending && Ledger.Open < _opened.Credits - 1)
        {
            End();
        }

        if (_ending && Ledger.Open == 0)
        {
            Over();
        }

        if (_finishing && _opened is null && !_opening)
        {
            Context.Stop(Self);
        }
    }

    protected void Send(FileCommand command)
    {
        Ledger.Sent(command);
        File.Tell(command, Self);
    }

    /// <summary>No more commands in this life.</summary>
    protected void Exhaust() => _budget = 0;

    protected override void PostStop()
    {
        if (Ledger.Open > 0)
        {
            Soak.Counts.Breach($"{Name}: stopped with {Ledger.Open} unanswered: {Ledger.Describe()}");
        }

        Soak.UserEnded(this);
    }

    private bool HasCredit() => IgnoresCredits
        ? Ledger.Open < 3 * _opened!.Credits
        : Ledger.Open < _opened!.Credits - 4 && Ledger.OpenBytes < _opened.CreditBytes / 2;

    private void OpenNext()
    {
        if (_finishing)
        {
            return;
        }

        var open = NextOpen();
        Path = open.Path;
        _opening = true;
        Soak.Counts.CountSent();
        Soak.Engine.Coordinator.Tell(open, Self);
    }

    private void Begin(Opened opened)
    {
        _opening = false;
        _opened = opened;
        _ending = false;
        _budget = _finishing ? 0 : Budget;
        File = Sender;
        OnOpened(opened);
    }

    private void OnCommandFailed(CommandFailed failed)
    {
        foreach (var _ in Ledger.Answered(failed))
        {
            if (failed.Reason == FailureReason.MailboxFull && !IgnoresCredits)
            {
                Soak.Counts.Breach($"{Name}: refused within its credits: {failed.Cause}");
            }

            OnFailed(failed);
        }

        if (failed.Reason is FailureReason.NotOpen or FailureReason.Closing or FailureReason.Unexpected
            or FailureReason.TimedOut or FailureReason.SyncFailed)
        {
            _budget = 0;
        }
    }

    private void End()
    {
        _ending = true;
        switch (Random.Next(20))
        {
            case 0:
                WasStopped = true;
                File.Tell(PoisonPill.Instance);
                break;
            case 1:
                WasStopped = true;
                Soak.System.Stop(File);
                break;
            case 2 or 3:
                Send(new Abort());
                break;
            default:
                Send(new Close());
                break;
        }
    }

    /// <summary>Its actor was stopped, by this user.</summary>
    protected bool WasStopped { get; private set; }

    private void Over()
    {
        _ending = false;
        _opened = null;
        Soak.Counts.CountLife();
        OnOver(!WasStopped);
        WasStopped = false;
        Rest();
    }

    // For a moment, now and then: what was stopped is still being closed, and cannot be opened.
    private void Rest()
    {
        if (!_finishing)
        {
            Timers.StartSingleTimer(Again.Instance, Again.Instance, Pause);
        }
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}

/// <summary>To a user: end what you are at, and stop.</summary>
internal sealed class FinishLoad
{
    public static readonly FinishLoad Instance = new();
}
