using System.Runtime.CompilerServices;
using static Actors.Engine.Drivers.IoUring.IoUringAbi;

namespace Actors.Engine.Drivers.IoUring;

/// <summary>
/// The submission side of a mapped ring: entries are filled in here, published by the tail, and taken by the kernel,
/// which moves the head. Both indices run on and wrap at 2^32; only their difference, and their low bits, mean
/// something.
/// </summary>
internal unsafe struct SubmissionRing
{
    private readonly uint* _sharedHead;
    private readonly uint* _sharedTail;
    private readonly uint _mask;
    private readonly Sqe* _entries;
    private uint _tail;
    private uint _taken;

    /// <param name="head">The kernel's index.</param>
    /// <param name="tail">This side's index.</param>
    /// <param name="mask">The number of entries, a power of two, less one.</param>
    /// <param name="entries">The entries.</param>
    public SubmissionRing(uint* head, uint* tail, uint mask, Sqe* entries)
    {
        _sharedHead = head;
        _sharedTail = tail;
        _mask = mask;
        _entries = entries;
        _tail = *tail;
        _taken = *head;
    }

    /// <summary>Entries filled in and, when the kernel was last looked at, not taken.</summary>
    public readonly uint Unsubmitted => _tail - _taken;

    /// <summary>The next free entry, zeroed; null when there is none until the kernel takes some.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Sqe* Next()
    {
        if (_tail - Volatile.Read(ref *_sharedHead) > _mask)
        {
            return null;
        }

        var entry = _entries + (_tail & _mask);
        _tail++;
        *entry = default;
        return entry;
    }

    /// <summary>Shows the kernel what has been filled in.</summary>
    public readonly void Publish() => Volatile.Write(ref *_sharedTail, _tail);

    /// <summary>Looks at what the kernel has taken.</summary>
    public void SeeTaken() => _taken = Volatile.Read(ref *_sharedHead);
}
