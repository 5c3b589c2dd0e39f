using Actors.Engine.Drivers;

namespace Actors.Engine.Scheduling;

/// <summary>The operations that a driver has, in no order: what is owed an end should the driver fail.</summary>
internal sealed class SubmittedOperations
{
    private IoOperation[] _items = new IoOperation[64];

    public int Count { get; private set; }

    public ReadOnlySpan<IoOperation> All => _items.AsSpan(0, Count);

    public void Add(IoOperation operation)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        operation.Place = Count;
        _items[Count++] = operation;
    }

    /// <exception cref="InvalidOperationException">It is not among them.</exception>
    public void Remove(IoOperation operation)
    {
        var place = operation.Place;
        if ((uint)place >= (uint)Count || _items[place] != operation)
        {
            throw new InvalidOperationException("The driver completed an operation that it did not have.");
        }

        var last = _items[--Count];
        _items[place] = last;
        last.Place = place;
        _items[Count] = null!;
    }

    public void Clear()
    {
        _items.AsSpan(0, Count).Clear();
        Count = 0;
    }
}
