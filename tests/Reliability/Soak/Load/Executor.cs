using Actors.Engine;
using Actors.Engine.Actors;
using Akka.Actor;

namespace Actors.Reliability.Soak.Load;

/// <summary>Has one client vanish after the other, and settles what they leave.</summary>
internal sealed class Executor(SoakEngine soak, int id) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private Estate? _estate;
    private long _lives;
    private int _unanswered;
    private bool _isClosed;
    private bool _finishing;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Spawn();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Estate estate:
                Begin(estate);
                break;
            case Witness.Seen seen:
                // Some come before the estate.
                _unanswered -= seen.Answers;
                soak.Counts.CountAnswered(seen.Answers);
                break;
            case Closed or CommandFailed { Command: Close }:
                soak.Counts.CountAnswered();
                _isClosed = true;
                break;
            case FinishLoad:
                _finishing = true;
                break;
            case Again:
                Spawn();
                break;
        }

        Settle();
    }

    protected override void PostStop()
    {
        if (_unanswered != 0)
        {
            soak.Counts.Breach($"{soak.Backend} vanished {id}: {_unanswered} unanswered");
        }

        soak.UserEnded(this);
    }

    private void Begin(Estate estate)
    {
        _estate = estate;
        _unanswered += estate.Commands;
        _isClosed = !estate.IsOpen;
        if (estate.IsOpen)
        {
            soak.Counts.CountSent();
            estate.File.Tell(new Close(), Self);
        }
    }

    private void Settle()
    {
        if (_estate is not null && _unanswered == 0 && _isClosed)
        {
            _estate = null;
            soak.Counts.CountLife();
            if (_finishing)
            {
                Context.Stop(Self);
            }
            else
            {
                Timers.StartSingleTimer(Again.Instance, Again.Instance, Pause);
            }
        }
        else if (_finishing && _estate is null && Timers.IsTimerActive(Again.Instance))
        {
            Context.Stop(Self);
        }
    }

    private void Spawn()
    {
        var heir = new Heir(Self, ++_lives);
        Context.ActorOf(ActorFactory<VanishingUser>.Props(() => new VanishingUser(soak, id, heir)));
    }

    /// <summary>Who is told of a client's end.</summary>
    /// <param name="Executor">This actor.</param>
    /// <param name="Life">The so manieth client.</param>
    internal sealed record Heir(IActorRef Executor, long Life);

    /// <summary>What a client leaves.</summary>
    /// <param name="File">Its file, if it is open.</param>
    /// <param name="Commands">How many it had sent.</param>
    /// <param name="IsOpen">Whether there is a file.</param>
    internal sealed record Estate(IActorRef File, int Commands, bool IsOpen);

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}
