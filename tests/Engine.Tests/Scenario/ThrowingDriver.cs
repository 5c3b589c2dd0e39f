using Actors.Engine.Drivers;

namespace Actors.Engine.Tests.Scenario;

/// <summary>A driver that breaks the contract not to throw, when it is told to: before the other driver has done what
/// was asked, or after.</summary>
internal sealed class ThrowingDriver(IDriver inner) : IDriver
{
    public IDriver Inner => inner;

    /// <summary>Whether to throw in place of a call; on the shard's thread.</summary>
    public Func<DriverCall, bool> Before { get; set; } = _ => false;

    /// <summary>Whether to throw when a call has been made.</summary>
    public Func<DriverCall, bool> After { get; set; } = _ => false;

    public bool IsDisposed { get; private set; }

    public string Name => inner.Name;

    public string Details => inner.Details;

    public int Depth => inner.Depth;

    public int InFlight => inner.InFlight;

    public bool TryPerform(IoOperation operation) => Call(DriverCall.TryPerform, () => inner.TryPerform(operation));

    public SubmitResult TrySubmit(IoOperation operation) =>
        Call(DriverCall.TrySubmit, () => inner.TrySubmit(operation));

    public void Flush() => Call(DriverCall.Flush, inner.Flush);

    public int Reap(ICompletionSink sink) => Call(DriverCall.Reap, () => inner.Reap(sink));

    public void Wait(int timeout) => Call(DriverCall.Wait, () => inner.Wait(timeout));

    public void Wake() => inner.Wake();

    public bool TryCancel(IoOperation operation) => Call(DriverCall.TryCancel, () => inner.TryCancel(operation));

    public void Dispose()
    {
        IsDisposed = true;
        Call(DriverCall.Dispose, inner.Dispose);
    }

    private void Call(DriverCall call, Action make) => Call(call, () =>
    {
        make();
        return true;
    });

    private T Call<T>(DriverCall call, Func<T> make)
    {
        if (Before(call))
        {
            throw new InvalidDataException($"{call} throws");
        }

        var result = make();
        return After(call) ? throw new InvalidDataException($"{call} throws at its end") : result;
    }
}
