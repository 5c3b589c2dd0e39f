using Actors.Engine.Shards;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>Answers of writes that were performed: each its own, or one for a run of appends.</content>
internal sealed partial class WriterActor
{
    private bool _answersDue;
    private IActorRef? _heldFor;
    private int _heldCount;
    private long _heldBytes;
    private long _heldToken;

    /// <summary>Answers writes that one operation performed, or holds the answer to join it with the next
    /// ones.</summary>
    private void Acknowledge(ReadOnlySpan<Pending> covered)
    {
        if (_cumulative && ((Write)covered[0].Command).Offset == Write.Append)
        {
            Hold(covered);
            return;
        }

        foreach (ref readonly var pending in covered)
        {
            var write = (Write)pending.Command;
            Answers.Succeed(pending, new Written(1, write.Token, write.Data.Length));
        }
    }

    private void Hold(ReadOnlySpan<Pending> covered)
    {
        long bytes = 0;
        foreach (ref readonly var pending in covered)
        {
            var write = (Write)pending.Command;
            if (!ReferenceEquals(_heldFor, pending.Sender))
            {
                SendHeld();
                _heldFor = pending.Sender;
            }

            _heldCount++;
            _heldBytes += write.Data.Length;
            _heldToken = write.Token;
            bytes += write.Data.Length;
        }

        Answers.CountAll(covered, bytes);
        if (_heldCount >= _acknowledgeAfter)
        {
            SendHeld();
        }
    }

    private void SendHeld()
    {
        if (_heldFor is { } sender)
        {
            var written = new Written(_heldCount, _heldToken, _heldBytes);
            _heldFor = null;
            _heldCount = 0;
            _heldBytes = 0;
            Answers.Tell(sender, written);
        }
    }

    /// <summary>With nothing more to start and nothing in flight no further completion would bring the answers. Buffers
    /// that were kept for the next writes and not used go back: others may be waiting for them.</summary>
    protected override void OnAdvanced()
    {
        if (_keepsSlabs)
        {
            _keepsSlabs = false;
            Operations.ReleaseIdleSlabs();
        }

        if (_heldCount > 0)
        {
            SendHeldSoon(Commands.Count > 0 && _appending);
        }
    }

    /// <summary>At once, unless messages wait, which may bring writes to be answered with these: then behind them. With
    /// an append on its way and others behind it, that is a little later: nobody knows how long the kernel
    /// takes.</summary>
    private void SendHeldSoon(bool moreIsUnderWay)
    {
        if (!moreIsUnderWay && !HasMessages)
        {
            SendHeld();
        }
        else if (!_answersDue)
        {
            _answersDue = true;
            if (moreIsUnderWay)
            {
                Shard.AnswerSoon(Me);
            }
            else
            {
                Me.Tell(AnswersDue.Instance, ActorRefs.NoSender);
            }
        }
    }

    protected override void OnAnswersDue()
    {
        _answersDue = false;
        SendHeld();
    }

    protected override void OnStopping() => SendHeld();
}
