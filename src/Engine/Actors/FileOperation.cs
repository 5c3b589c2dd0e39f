using System.Buffers;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;
using Actors.Engine.Memory;

namespace Actors.Engine.Actors;

/// <summary>
/// An operation of a file actor: what goes to the driver, the memory that it needs, and the commands that its
/// completion answers. Reused; a file has as many as it ever had in flight.
/// </summary>
internal sealed unsafe class FileOperation
{
    private Pending[] _covered = new Pending[1];
    private MemoryHandle _pin;
    private byte* _native;

    public FileOperation() => Io.State = this;

    public IoOperation Io { get; } = new();

    /// <summary>The pooled buffer, if it has one.</summary>
    public Slab? Slab { get; set; }

    /// <summary>The commands that it answers, in order.</summary>
    public ReadOnlySpan<Pending> Covered => _covered.AsSpan(0, CoveredCount);

    public int CoveredCount { get; private set; }

    /// <summary>The caller's memory, while it is pinned.</summary>
    public ReadOnlyMemory<byte> Pinned { get; private set; }

    /// <summary>All that is read of a whole file; what is pinned is the part that is under way.</summary>
    public Memory<byte> Whole { get; set; }

    /// <summary>Bytes that the commands have in the file already, of a sync that durable writes wait for.</summary>
    public long BytesWritten { get; set; }

    /// <summary>Where in the file a positional write ends; 0 of anything else.</summary>
    public long WriteEnd { get; set; }

    /// <summary>Bytes that are known to be transferred.</summary>
    public long BytesDone => BytesWritten > 0 ? BytesWritten : Started ? Io.Done : 0;

    /// <summary>Answered already, by a timeout or for a driver's failure; the completion only gives the memory back.
    /// </summary>
    public bool Abandoned { get; set; }

    /// <summary>Free for reuse from here to the next <see cref="Prepare"/>.</summary>
    public bool Idle { get; set; } = true;

    /// <summary>On its way to the driver and back; until then its memory is nobody else's.</summary>
    public bool Started { get; set; }

    /// <summary>Tells this use of the object from earlier and later ones.</summary>
    public int Use { get; private set; }

    /// <summary>Starts a new use.</summary>
    public void Prepare(IoKind kind, FileHandle? file)
    {
        Use++;
        Idle = false;
        Started = false;
        Abandoned = false;
        CoveredCount = 0;
        BytesWritten = 0;
        Io.Kind = kind;
        Io.File = file;
        Io.Buffer = null;
        Io.Length = 0;
        Io.Offset = 0;
        Io.Append = false;
        Io.RequestedAt = 0;
    }

    public void Cover(in Pending pending)
    {
        if (CoveredCount == _covered.Length)
        {
            Array.Resize(ref _covered, _covered.Length * 4);
        }

        if (pending.ArrivedAt != 0 && Io.RequestedAt == 0)
        {
            Io.RequestedAt = pending.ArrivedAt;
        }

        _covered[CoveredCount++] = pending;
    }

    /// <summary>Whether it answers a command with this token.</summary>
    public bool Covers(long token)
    {
        foreach (ref readonly var covered in Covered)
        {
            if (PendingCommands.TokenOf(covered.Command) == token)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies data behind what is in the slab already.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        data.CopyTo(new Span<byte>(Slab!.Pointer + Io.Length, Slab.Size - (int)Io.Length));
        Io.Length += data.Length;
    }

    /// <summary>Uses the caller's memory, pinned until <see cref="ReleaseMemory"/>. Throws what the memory's owner throws,
    /// and holds nothing then.</summary>
    public void Pin(ReadOnlyMemory<byte> memory)
    {
        _pin = memory.Pin();
        Pinned = memory;
        Io.Buffer = (byte*)_pin.Pointer;
        Io.Length = memory.Length;
    }

    /// <summary>Whether its memory is where the file's transfers need it.</summary>
    public bool IsMemoryAligned => ((nint)Io.Buffer & (Io.File!.Alignment.Memory - 1)) == 0;

    /// <summary>Puts a path into native memory, NUL-terminated.</summary>
    public void SetPath(string path)
    {
        var name = PathName.Of(path);
        Io.Buffer = _native = (byte*)NativeMemory.Alloc((nuint)name.Length);
        name.CopyTo(new Span<byte>(_native, name.Length));
    }

    /// <summary>Makes room for what the kernel says of a file.</summary>
    public void PrepareStat() => Io.Buffer = _native = (byte*)NativeMemory.AllocZeroed((nuint)sizeof(Statx));

    /// <summary>What the kernel has said of the file.</summary>
    public FileStatus Status => ((Statx*)_native)->ToStatus();

    /// <summary>Gives pins and native memory back, and the slab too unless it is to be used again at once.</summary>
    public void ReleaseMemory(bool keepSlab = false)
    {
        if (!Pinned.IsEmpty)
        {
            Pinned = default;
            try
            {
                _pin.Dispose();
            }
            catch (Exception)
            {
                // The transfer is over. What the memory's owner throws now is the owner's, and nobody is to be told.
            }

            _pin = default;
        }

        if (_native != null)
        {
            NativeMemory.Free(_native);
            _native = null;
        }

        Io.Buffer = null;
        if (!keepSlab)
        {
            ReleaseSlab();
        }
    }

    /// <summary>Gives the slab back. On the shard's thread, as everything here.</summary>
    public void ReleaseSlab()
    {
        Slab?.ReturnHere();
        Slab = null;
    }

    /// <summary>Ends the use; forgets the commands so that they can be collected.</summary>
    public void Finish()
    {
        _covered.AsSpan(0, CoveredCount).Clear();
        CoveredCount = 0;
        Whole = default;
        WriteEnd = 0;
        Idle = true;
    }
}
