namespace Actors.Engine.Backpressure;

/// <summary>A queue in a circular buffer that grows and whose items can be looked at in place. For one thread.</summary>
internal class Ring<T>
{
    private T[] _items = new T[4];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The oldest; nothing of use when the queue is empty.</summary>
    public ref readonly T Head => ref _items[_head];

    /// <summary>The oldest is 0.</summary>
    public ref readonly T this[int index] => ref Slot(index);

    public void Enqueue(in T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        Slot(Count) = item;
        Count++;
    }

    /// <summary>Takes out the oldest of at least one.</summary>
    public T Dequeue()
    {
        ref var slot = ref _items[_head];
        var item = slot;
        slot = default!;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return item;
    }

    /// <summary>Takes one out of the middle.</summary>
    public T RemoveAt(int index)
    {
        var item = Slot(index);
        for (; index < Count - 1; index++)
        {
            Slot(index) = Slot(index + 1);
        }

        Slot(index) = default!;
        Count--;
        return item;
    }

    private ref T Slot(int index) => ref _items[(_head + index) & (_items.Length - 1)];

    private void Grow()
    {
        var items = new T[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            items[i] = Slot(i);
        }

        _items = items;
        _head = 0;
    }
}
