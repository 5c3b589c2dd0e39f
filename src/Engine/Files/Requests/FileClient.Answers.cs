using Actors.Engine.Memory;
using Akka.Actor;

namespace Actors.Engine.Files;

/// <content>What the file's actor answers, and which request each answer ends.</content>
internal sealed partial class FileClient
{
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is Opened opened)
        {
            OnOpened(opened, sender);
        }
        else if (_gate.IsHeldByCurrentThread)
        {
            _setAside.Add(message);
        }
        else
        {
            var done = new FinishedRequests();
            lock (_gate)
            {
                Take(message, ref done);
                SubmitWaiting(ref done);
            }

            done.FinishAll(_engine);
            TakeSetAside();
        }
    }

    /// <summary>Sees to it that the answers are taken that came back while a thread was sending. After each release of the
    /// lock.</summary>
    private void TakeSetAside()
    {
        if (_setAside.Count > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static client => client.TakeAllSetAside(), this, preferLocal: false);
        }
    }

    private void TakeAllSetAside()
    {
        int count;
        do
        {
            var done = new FinishedRequests();
            lock (_gate)
            {
                // Sending what has waited may bring more.
                count = _setAside.Count;
                for (var i = 0; i < count; i++)
                {
                    Take(_setAside[i], ref done);
                }

                _setAside.RemoveRange(0, count);
                SubmitWaiting(ref done);
            }

            done.FinishAll(_engine);
        }
        while (count > 0);
    }

    private void Take(object message, ref FinishedRequests done)
    {
        switch (message)
        {
            case Written written:
                OnWritten(written, ref done);
                break;
            case DataRead read:
                EndByToken(read.Token, read.Data.Length, ref done);
                break;
            case Synced synced:
                EndByToken(synced.Token, synced.Length, ref done);
                break;
            case Truncated truncated:
                EndByToken(truncated.Token, truncated.Length, ref done);
                break;
            case Allocated allocated:
                EndByToken(allocated.Token, 0, ref done);
                break;
            case FileStatResult stat:
                if (Find(stat.Token) is StatRequest request)
                {
                    request.Status = stat.Status;
                }

                EndByToken(stat.Token, 0, ref done);
                break;
            case Closed closed:
                EndClose(closed.Length, null, ref done);
                break;
            case Aborted:
                EndClose(0, null, ref done);
                break;
            case CommandFailed failed:
                OnFailed(failed, ref done);
                break;
        }
    }

    private void OnOpened(Opened opened, IActorRef file)
    {
        lock (_gate)
        {
            _file = file;
            _credits = opened.Credits;
            _creditBytes = opened.CreditBytes;

            // Together with the look at what the caller has done: a cancel that came between would leave the file open.
            if (_hasGivenUp || !_opened.TrySetResult(opened))
            {
                _ended = () => new ObjectDisposedException(nameof(EngineFile));
                Tell(new Abort());
            }
        }

        TakeSetAside();
    }

    private void OnWritten(Written written, ref FinishedRequests done)
    {
        if (Find(written.LastToken) is { IsAppend: false } positional)
        {
            End(positional, written.Bytes, null, ref done);
            return;
        }

        for (var i = 0; i < written.Count && _appends.First is { } append; i++)
        {
            End(append, append.Command.QueuedBytes, null, ref done);
        }
    }

    private void OnFailed(CommandFailed failed, ref FinishedRequests done)
    {
        var failure = FileEngineException.Of(_path, failed);
        if (failed.Reason is not (FailureReason.InvalidArgument or FailureReason.NotSupported))
        {
            // The file may be poisoned, or its actor still finding out how long it is: no way past it any more.
            Lane?.End();
        }

        if (failed.Reason is FailureReason.NotOpen or FailureReason.Closing)
        {
            // By a drain or a stop; the actor takes nothing more, or is gone.
            // Of what waits nothing was done, whatever was done of this one.
            _refusal ??= failed with { BytesDone = 0, IsUnfinished = false };
            _ended ??= () => new FileEngineException(_path, FailureReason.NotOpen, failed.Cause);
        }

        if (failed.Reason == FailureReason.NotOpen)
        {
            _engine.Clients.Remove(this);
        }

        switch (failed.Command)
        {
            case Open:
                _engine.Clients.Remove(this);
                EndOpen(failure);
                break;
            case Close or Abort:
                EndClose(0, failure, ref done);
                break;
            case Cancel:
                break;
            case FileCommand command when Actors.PendingCommands.TokenOf(command) is { } token:
                if (Find(token) is { } request)
                {
                    End(request, 0, failure, ref done);
                }

                break;
        }
    }

    private void EndByToken(long token, long result, ref FinishedRequests done)
    {
        if (Find(token) is { } request)
        {
            End(request, result, null, ref done);
        }
    }

    private void EndOpen(FileEngineException failure)
    {
        if (failure.Reason == FailureReason.Cancelled)
        {
            _opened.TrySetCanceled(_givenUpBy);
        }
        else
        {
            _opened.TrySetException(failure);
        }
    }

    private void EndClose(long length, Exception? failure, ref FinishedRequests done)
    {
        _engine.Clients.Remove(this);
        if (_hasGivenUp)
        {
            // The file is closed again, or will never be touched: the caller may go on.
            _opened.TrySetCanceled(_givenUpBy);
        }

        if (_close is { } close)
        {
            _close = null;
            End(close, length, failure, ref done);
        }
    }

    /// <summary>Moves a request to those that are to be finished once the lock is released.</summary>
    private void End(FileRequest request, long result, Exception? failure, ref FinishedRequests done)
    {
        if (request.State == RequestState.Sent)
        {
            _unanswered--;
            _unansweredBytes -= request.Command.QueuedBytes;
        }

        if (failure is FileEngineException { IsUnfinished: true })
        {
            IoBuffer.Abandon(request.Command.HeldMemory);
        }

        Interlocked.Decrement(ref _underWay);
        request.List?.Remove(request);
        FreeSlot(request);
        request.Result = result;
        request.Failure = failure;
        done.Add(request);
    }
}
