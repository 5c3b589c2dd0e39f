using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Scheduling;

/// <content>
/// What becomes of operations when the driver fails. One that the driver still completes has what the kernel said. One
/// that it does not complete comes back with a <see cref="IoOperation.Fault"/>, once it cannot be performed any more.
/// One that was not submitted waits for the next driver, or comes back with a fault when there is none.
/// </content>
internal sealed partial class IoScheduler
{
    /// <summary>A failed driver cannot be waited in: looked at so often instead.</summary>
    private const int LookMilliseconds = 5;

    private readonly AutoResetEvent _bell = new(false);
    private bool _isReplacing;

    /// <summary>Why the shard refuses what it is given; null when it does not. From any thread.</summary>
    public DriverFault? Refusal => _drivers.State == DriverState.Refusing ? _drivers.Fault : null;

    private bool TryPerformInDriver(IoOperation operation)
    {
        if (!IsWorking || _isAway)
        {
            return false;
        }

        try
        {
            return InCall(operation, static (driver, operation) => driver.TryPerform(operation));
        }
        catch (Exception e)
        {
            _drivers.Fail(e);
            operation.Fault = _drivers.Fault;
            operation.Result = -Errno.EIO;
            return true;
        }
    }

    private SubmitResult TrySubmitToDriver(IoOperation operation)
    {
        if (!IsWorking || _isAway)
        {
            return SubmitResult.Busy;
        }

        try
        {
            return InCall(operation, static (driver, operation) => driver.TrySubmit(operation));
        }
        catch (Exception e)
        {
            // Whether the driver has it shows when that is retired.
            _drivers.Fail(e);
            return SubmitResult.Queued;
        }
    }

    /// <summary>Calls the driver, marked. The mark ends before anybody learns of an exception.</summary>
    private T InCall<T>(IoOperation operation, Func<IDriver, IoOperation, T> call)
    {
        var isMarked = EnterCall();
        try
        {
            return call(_driver, operation);
        }
        finally
        {
            LeaveCall(isMarked);
        }
    }

    private void CancelInDriver(IoOperation operation)
    {
        try
        {
            _driver.TryCancel(operation);
        }
        catch (Exception e)
        {
            _drivers.Fail(e);
        }
    }

    private void WaitWithoutDriver(int timeout) =>
        _bell.WaitOne(_drivers.NeedsTurns ? LookMilliseconds : timeout);

    /// <summary>Goes as far towards the next driver as can be gone now. What comes back on the way may bring new
    /// operations, which wait until it is over.</summary>
    /// <returns>True when there is one.</returns>
    private bool Replace()
    {
        _isReplacing = true;
        TakeSteps();
        if (_drivers.State == DriverState.Refusing)
        {
            RefuseWaiting();
        }

        _isReplacing = false;
        return IsWorking;
    }

    private void TakeSteps()
    {
        DriverStep step;
        while ((step = _drivers.Advance(this)) != DriverStep.None)
        {
            switch (step)
            {
                case DriverStep.Overdue:
                    GiveUpSubmitted();
                    CancelSubmitted();
                    break;
                case DriverStep.Retired:
                    EndSubmitted();
                    break;
                case DriverStep.Stranded:
                    // What they use is never reused: the kernel may still use it.
                    GiveUpSubmitted();
                    _inFlight -= _submitted.Count;
                    _submitted.Clear();
                    break;
                case DriverStep.Replaced:
                    _driver = _drivers.Driver;
                    _inFlightMax = Math.Min(_inFlightWanted, _driver.Depth);
                    break;
            }
        }
    }

    /// <summary>The driver keeps them; whoever waits for them need not any longer.</summary>
    private void GiveUpSubmitted()
    {
        foreach (var operation in _submitted.All)
        {
            operation.Fault = _drivers.Fault;
            operation.CancelRequested = true;
            var pair = (QueuePair)operation.Owner!;
            pair.Owner.OnOverdue(pair);
        }
    }

    private void CancelSubmitted()
    {
        foreach (var operation in _submitted.All)
        {
            CancelInDriver(operation);
        }
    }

    /// <summary>The driver is gone, and has not completed them.</summary>
    private void EndSubmitted()
    {
        while (_submitted.Count > 0)
        {
            var operation = _submitted.All[^1];
            _submitted.Remove(operation);
            operation.Fault = _drivers.Fault;
            operation.Result = -Errno.EIO;
            Finish(operation);
        }
    }

    private void RefuseWaiting()
    {
        while (_resubmit.TryDequeue(out var operation))
        {
            Refuse(operation);
            Finish(operation);
        }

        while (_waiting.TryDequeue(out var pair))
        {
            pair.Announced = false;
            RefuseSubmissions(pair);
        }
    }

    private void RefuseSubmissions(QueuePair pair)
    {
        while (pair.TakeSubmission() is { } operation)
        {
            Refuse(operation);
            HandBack(pair, operation);
        }
    }

    /// <summary>Not performed, but for a close: that needs no driver, and the descriptor must not stay open.</summary>
    private void Refuse(IoOperation operation)
    {
        if (operation.Kind == IoKind.Close)
        {
            BlockingCalls.Platform.Perform(operation);
        }
        else
        {
            operation.Fault = _drivers.Fault;
            operation.Result = -Errno.EIO;
        }
    }
}
