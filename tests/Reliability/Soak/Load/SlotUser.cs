using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Writes and reads at positions, one command a slot at a time, and knows what every slot must hold.</summary>
internal sealed class SlotUser(SoakEngine soak, int id) : FileUser(soak, id)
{
    private const int Slots = 48;
    private const int Size = 1024;

    private readonly byte[] _content = new byte[Slots * Size];
    private readonly byte[] _read = new byte[Slots * Size];
    private readonly bool[] _busy = new bool[Slots];
    private bool _isUncertain;

    protected override Open NextOpen()
    {
        _content.AsSpan().Clear();
        _busy.AsSpan().Clear();
        _isUncertain = false;
        var options = new OpenOptions
        {
            Coalesce = Random.Next(2) == 0,
            OperationTimeout = Random.Next(5) == 0 ? TimeSpan.FromMilliseconds(SoakLimits.OperationTimeout) : null,
        };
        Ledger = new CommandLedger(Soak.Counts, Name, false);
        return new Open(Soak.PathOf($"slots-{Id}-{Random.Next(3)}"), OpenMode.ReadWriteTruncate, options);
    }

    protected override void OnOpened(Opened opened)
    {
    }

    protected override FileCommand? Next(long token)
    {
        var roll = Random.Next(100);
        if (roll == 0)
        {
            return new Sync(SyncScope.Data, token);
        }

        var slot = Random.Next(Slots);
        if (_busy[slot])
        {
            return null;
        }

        _busy[slot] = true;
        return roll < 50
            ? new Write(SoakData.Of(Id, token, Size), slot * Size, token)
            : new Read(slot * Size, _read.AsMemory(slot * Size, Size), token);
    }

    protected override void OnDone(FileCommand command, object answer)
    {
        switch (command)
        {
            case Write write:
                write.Data.Span.CopyTo(_content.AsSpan((int)write.Offset));
                _busy[write.Offset / Size] = false;
                break;
            case Read read:
                _busy[read.Offset / Size] = false;
                CheckRead(read, ((DataRead)answer).Data.Span);
                break;
        }
    }

    protected override void OnFailed(CommandFailed failed)
    {
        _isUncertain |= failed.Reason is FailureReason.TimedOut or FailureReason.Unexpected;
        switch (failed.Command)
        {
            case Write write:
                write.Data.Span[..(int)failed.BytesDone].CopyTo(_content.AsSpan((int)write.Offset));
                _busy[write.Offset / Size] = false;
                break;
            case Read read:
                _busy[read.Offset / Size] = false;
                break;
        }
    }

    protected override void OnOver(bool isClosed)
    {
        if (_isUncertain || !isClosed)
        {
            return;
        }

        var found = System.IO.File.ReadAllBytes(Path);
        Soak.Counts.CountChecked(found.Length, wholeFile: true);
        if (!IsSame(found, _content))
        {
            var at = found.AsSpan().CommonPrefixLength(_content);
            Soak.Counts.Breach($"{Name}: {Path} differs at {at}: {found.Length} bytes");
        }
    }

    private void CheckRead(Read read, ReadOnlySpan<byte> data)
    {
        Soak.Counts.CountChecked(data.Length);
        if (!_isUncertain && !IsSame(data, _content.AsSpan((int)read.Offset, Size)))
        {
            Soak.Counts.Breach($"{Name}: what was read at {read.Offset} is not what was written");
        }
    }

    /// <summary>What lies behind the end of the file was never written.</summary>
    private static bool IsSame(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected) =>
        found.SequenceEqual(expected[..found.Length]) && !expected[found.Length..].ContainsAnyExcept((byte)0);
}
