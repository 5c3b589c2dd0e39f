namespace Actors.Simulation.Disk;

/// <summary>
/// A file in three states: what the page cache holds, what the device holds, and the changes that are under way from
/// one to the other. A crash keeps what the device holds and any part of the changes.
/// </summary>
internal sealed class SimulatedFile(string path, ulong inode)
{
    private readonly List<Change> _dirty = [];
    private byte[] _cached = [];
    private byte[] _durable = [];
    private long _changes;

    public string Path { get; } = path;

    public ulong Inode { get; } = inode;

    /// <summary>What any process reads.</summary>
    public ReadOnlySpan<byte> Cached => _cached;

    /// <summary>Failures that the disk answered to operations on it.</summary>
    public int Failures { get; set; }

    /// <summary>Syncs that failed; the changes before each of them never reach the device.</summary>
    public int FailedSyncs { get; private set; }

    /// <summary>How many changes there have been; what a sync that starts now has to cover.</summary>
    public long Changes => _changes;

    public void Write(long offset, ReadOnlySpan<byte> data) => Make(new Change(offset, data.ToArray(), ++_changes));

    /// <summary>Sets the length.</summary>
    public void Truncate(long length) => Make(new Change(length, null, ++_changes));

    public int Read(long offset, Span<byte> target)
    {
        var count = (int)Math.Clamp(_cached.Length - offset, 0, target.Length);
        Cached.Slice((int)Math.Min(offset, _cached.Length), count).CopyTo(target);
        return count;
    }

    /// <summary>A sync ends well: the changes up to the given one are on the device. No later one is: the kernel
    /// promises nothing more.</summary>
    public void Persist(long upTo)
    {
        foreach (var change in _dirty.Where(change => change.Number <= upTo))
        {
            change.Apply(ref _durable, int.MaxValue);
        }

        _dirty.RemoveAll(change => change.Number <= upTo);
    }

    /// <summary>A sync fails: the pages count as clean from now on, and no later sync writes them. The length is no page:
    /// file systems keep it in their journal.</summary>
    public void Forget()
    {
        FailedSyncs++;
        _dirty.RemoveAll(change => change.Data is not null);
    }

    /// <summary>What a crash of the machine could leave: some changes, some of them in part, in any order.</summary>
    public byte[] AfterCrash(Random random)
    {
        var left = _durable.ToArray();
        foreach (var change in _dirty)
        {
            switch (random.Next(3))
            {
                case 0:
                    change.Apply(ref left, int.MaxValue);
                    break;
                case 1 when change.Data is { } data:
                    change.Apply(ref left, random.Next(data.Length + 1));
                    break;
            }
        }

        return left;
    }

    private void Make(Change change)
    {
        change.Apply(ref _cached, int.MaxValue);
        _dirty.Add(change);
    }

    /// <summary>Data at a position, or without data a new length.</summary>
    private sealed record Change(long Position, byte[]? Data, long Number)
    {
        public void Apply(ref byte[] content, int prefix)
        {
            if (Data is null)
            {
                Array.Resize(ref content, (int)Position);
                return;
            }

            var count = Math.Min(prefix, Data.Length);
            var end = (int)Position + count;
            if (content.Length < end)
            {
                Array.Resize(ref content, end);
            }

            Data.AsSpan(0, count).CopyTo(content.AsSpan((int)Position));
        }
    }
}
