using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>A command that has been taken out of the mailbox and awaits its answer.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Sender">Whom to answer.</param>
/// <param name="ArrivedAt">Stopwatch ticks, or 0 when this command is not timed.</param>
internal readonly record struct Pending(FileCommand Command, IActorRef Sender, long ArrivedAt);

/// <summary>A file's commands in order of arrival: a growing circular buffer, bounded from outside by the
/// mailbox.</summary>
internal sealed class PendingCommands
{
    private Pending[] _items = new Pending[16];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The oldest.</summary>
    public ref readonly Pending Head => ref _items[_head];

    public ref readonly Pending this[int index] => ref _items[(_head + index) & (_items.Length - 1)];

    public void Enqueue(in Pending pending)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_head + Count) & (_items.Length - 1)] = pending;
        Count++;
    }

    public Pending Dequeue()
    {
        ref var slot = ref _items[_head];
        var pending = slot;
        slot = default;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return pending;
    }

    /// <summary>Takes out the oldest command with a token.</summary>
    /// <param name="token">What to look for.</param>
    /// <param name="removed">The command.</param>
    /// <param name="wasHead">Whether it was the oldest of all.</param>
    public bool TryRemove(long token, out Pending removed, out bool wasHead)
    {
        for (var i = 0; i < Count; i++)
        {
            if (TokenOf(this[i].Command) == token)
            {
                removed = RemoveAt(i);
                wasHead = i == 0;
                return true;
            }
        }

        removed = default;
        wasHead = false;
        return false;
    }

    /// <summary>The token of a command that can be cancelled; null for the others.</summary>
    public static long? TokenOf(FileCommand command) => command switch
    {
        Write write => write.Token,
        Read read => read.Token,
        Sync sync => sync.Token,
        Truncate truncate => truncate.Token,
        Allocate allocate => allocate.Token,
        StatFile stat => stat.Token,
        Demand demand => demand.Token,
        ReadAll readAll => readAll.Token,
        _ => null,
    };

    /// <summary>Takes one out of the middle.</summary>
    public Pending RemoveAt(int index)
    {
        var mask = _items.Length - 1;
        var pending = this[index];
        for (var i = index; i < Count - 1; i++)
        {
            _items[(_head + i) & mask] = _items[(_head + i + 1) & mask];
        }

        _items[(_head + Count - 1) & mask] = default;
        Count--;
        return pending;
    }

    private void Grow()
    {
        var items = new Pending[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            items[i] = this[i];
        }

        _items = items;
        _head = 0;
    }
}
