using System.Runtime.CompilerServices;
using static Actors.Engine.Drivers.IoUring.IoUringAbi;

namespace Actors.Engine.Drivers.IoUring;

/// <summary>
/// The completion side of a mapped ring: the kernel writes entries and moves the tail; the head tells it which were
/// taken. Both indices run on and wrap at 2^32.
/// </summary>
internal unsafe struct CompletionRing
{
    private readonly uint* _sharedHead;
    private readonly uint* _sharedTail;
    private readonly uint _mask;
    private readonly Cqe* _entries;
    private uint _head;

    /// <param name="head">This side's index.</param>
    /// <param name="tail">The kernel's index.</param>
    /// <param name="mask">The number of entries, a power of two, less one.</param>
    /// <param name="entries">The entries.</param>
    public CompletionRing(uint* head, uint* tail, uint mask, Cqe* entries)
    {
        _sharedHead = head;
        _sharedTail = tail;
        _mask = mask;
        _entries = entries;
        _head = *head;
    }

    public readonly bool HasAny => _head != Volatile.Read(ref *_sharedTail);

    /// <summary>Takes the next completion, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out Cqe completion)
    {
        if (_head == Volatile.Read(ref *_sharedTail))
        {
            completion = default;
            return false;
        }

        completion = _entries[_head & _mask];
        _head++;
        return true;
    }

    /// <summary>Gives the entries taken so far back to the kernel. Once for a run of <see cref="TryTake"/>.</summary>
    public readonly void Release() => Volatile.Write(ref *_sharedHead, _head);
}
