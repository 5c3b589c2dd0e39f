using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers;

/// <summary>What became of a submission.</summary>
internal enum SubmitResult
{
    /// <summary>Done already; <see cref="IoOperation.Result"/> is set and no completion will follow.</summary>
    Completed,

    /// <summary>Taken; it reaches the kernel at the next <see cref="IDriver.Flush"/> and completes through
    /// <see cref="IDriver.Reap"/>.</summary>
    Queued,

    /// <summary>No room now; try again after completions were reaped. The operation stays the caller's.</summary>
    Busy,
}

/// <summary>Where completions go.</summary>
internal interface ICompletionSink
{
    /// <summary>The operation is the owner's again, with its <see cref="IoOperation.Result"/>.</summary>
    void Complete(IoOperation operation);
}

/// <summary>
/// A way of doing file I/O: one instance per shard. It knows nothing of actors. All members are for the shard's thread
/// only, from construction to disposal, except <see cref="Wake"/>.
/// </summary>
/// <remarks>
/// A driver reports what the kernel said and decides nothing: short transfers, EINTR and errors are weighed by
/// <see cref="CompletionDecision"/>. It neither allocates nor throws on the way of an operation; a kernel error is a
/// result.
/// </remarks>
internal interface IDriver : IDisposable
{
    /// <summary>The backend's name, as in configuration.</summary>
    string Name { get; }

    /// <summary>What the system gave it, for people: features, sizes, limits.</summary>
    string Details { get; }

    /// <summary>Operations that may be between submission and completion; a bound that
    /// <see cref="TrySubmit"/> enforces with <see cref="SubmitResult.Busy"/>.</summary>
    int Depth { get; }

    /// <summary>Operations submitted and not yet reaped; after disposal, those that may still be performed.</summary>
    int InFlight { get; }

    /// <summary>How to ask about the files that it opened, where the kernel does not have them; otherwise null.</summary>
    IFileCalls? Files => null;

    /// <summary>Performs a transfer at once if this driver would do it inline.</summary>
    /// <returns>True when the operation has its <see cref="IoOperation.Result"/>; false when nothing was done and it
    /// has to be submitted.</returns>
    bool TryPerform(IoOperation operation) => false;

    /// <summary>Hands over one operation.</summary>
    SubmitResult TrySubmit(IoOperation operation);

    /// <summary>Passes everything queued to the kernel, in one call where that is possible.</summary>
    void Flush();

    /// <summary>Delivers what has completed, without waiting.</summary>
    /// <returns>How many completions were delivered.</returns>
    int Reap(ICompletionSink sink);

    /// <summary>Waits until something completes, <see cref="Wake"/> is called, or the time is over. Flushes first.
    /// May return early for no reason. A wake-up that came before the wait is not lost.</summary>
    /// <param name="timeout">Milliseconds, or -1 for no limit.</param>
    void Wait(int timeout);

    /// <summary>Ends a present or the next <see cref="Wait"/>. From any thread, also after disposal.</summary>
    void Wake();

    /// <summary>Asks to cancel an operation in flight. It completes all the same, with ECANCELED if that
    /// worked.</summary>
    /// <returns>False when this driver cannot, or the operation is not in flight.</returns>
    bool TryCancel(IoOperation operation);

    /// <summary>Operations are in flight, and for a while none has come back: files that do not answer may keep all
    /// workers. More of them are allowed, where that is this driver's to say, so that other files go on.</summary>
    void AddWorkers()
    {
    }
}
