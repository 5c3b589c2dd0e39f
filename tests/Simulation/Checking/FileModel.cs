using Actors.Engine;

namespace Actors.Simulation.Checking;

/// <summary>
/// What a file must contain by what was promised: byte by byte, what is known to be written, what is known to be
/// durable, and what nobody can know. Commands count in the order in which they were sent, each once it and all before
/// it are answered.
/// </summary>
/// <remarks>
/// A command that failed changed nothing but the bytes that its answer says. One that may still have been performed,
/// because its file was stopped or ran out of time, makes what it would have changed unknown.
/// </remarks>
internal sealed class FileModel(string path, byte[] content)
{
    private const short Unknown = -1;

    private readonly LinkedList<Sent> _uncommitted = [];
    private readonly List<short> _known = [.. content.Select(b => (short)b)];
    private readonly List<short> _durable = [.. content.Select(b => (short)b)];
    private readonly List<bool> _suspect = [.. content.Select(_ => false)];
    private bool _lengthKnown = true;
    private int _emptyingOpens;
    private int _failedSyncs;

    public string Path { get; } = path;

    /// <summary>Bytes; where that is not known, the fewest that it may be.</summary>
    public int Length => _known.Count;

    public bool IsLengthKnown => _lengthKnown;

    /// <summary>How many commands that change content or length were sent so far.</summary>
    public long Version { get; private set; }

    /// <summary>The one file that may write it is open, or may not be closed yet.</summary>
    public Handle? Writer { get; set; }

    public IEnumerable<Sent> Uncommitted => _uncommitted;

    /// <summary>The known bytes of a range as of now; unknown where something that is under way may change them.</summary>
    public short[] Expect(long offset, int count)
    {
        var range = new short[count];
        for (var i = 0; i < count; i++)
        {
            var at = offset + i;
            range[i] = at >= 0 && at < Length && !MayChange(at) ? _known[(int)at] : Unknown;
        }

        return range;
    }

    /// <summary>A command was sent that changes content, or orders what does.</summary>
    public void Send(Sent sent)
    {
        _uncommitted.AddLast(sent);
        switch (sent.Command)
        {
            case Write { Offset: >= 0 } write:
                Version++;
                Fill(_durable, write.Offset, write.Data.Length, Unknown);
                break;
            case Truncate truncate:
                Version++;
                Fill(_durable, truncate.Length, int.MaxValue, Unknown);
                break;
        }
    }

    /// <summary>An open that empties the file was sent.</summary>
    public void SendEmptyingOpen()
    {
        Version++;
        _emptyingOpens++;
        Fill(_durable, 0, int.MaxValue, Unknown);
    }

    /// <summary>The answer to such an open.</summary>
    public void EndEmptyingOpen(Sent open)
    {
        _emptyingOpens--;
        if (open.Answer is Opened)
        {
            Resize(0);
            _lengthKnown = true;
        }
        else if (open.IsUncertain && Writer is not { MayBeStopped: false, HasEnded: false })
        {
            Forget(0);
        }
    }

    /// <summary>The file was opened for writing, so nobody else writes it any more: it is as it is.</summary>
    /// <param name="actual">What the page cache holds.</param>
    /// <param name="failedSyncs">How many syncs of the file have failed ever.</param>
    public string? Adopt(ReadOnlySpan<byte> actual, int failedSyncs)
    {
        var fault = Compare(actual, $"{Path}, which was opened,");
        if (failedSyncs != _failedSyncs)
        {
            // What was not durable by then may never be, unless it is written again.
            _failedSyncs = failedSyncs;
            for (var i = 0; i < Length; i++)
            {
                _suspect[i] |= _durable[i] == Unknown;
            }
        }

        Resize(actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            _suspect[i] |= _known[i] == Unknown && failedSyncs > 0;
            _known[i] = actual[i];
        }

        _lengthKnown = true;
        return fault;
    }

    /// <summary>Counts every command whose turn it is.</summary>
    /// <returns>What is wrong with what the page cache holds, or null.</returns>
    public string? Commit(ReadOnlySpan<byte> actual)
    {
        string? fault = null;
        while (fault is null && _uncommitted.First is { Value: { IsAnswered: true } sent })
        {
            _uncommitted.RemoveFirst();
            fault = Apply(sent, actual);
        }

        return fault;
    }

    /// <summary>Compares with what the page cache holds, once nothing is under way.</summary>
    public string? Compare(ReadOnlySpan<byte> actual, string what)
    {
        if (_lengthKnown ? actual.Length != Length : actual.Length < Length && _uncommitted.Count == 0)
        {
            return $"{what} has {actual.Length} bytes and should have {(_lengthKnown ? "" : "at least ")}{Length}";
        }

        return Differs(_known, actual) is { } at
            ? $"byte {at} of {what} is {actual[at]} and should be {_known[at]}"
            : null;
    }

    /// <summary>Compares with what a crash has left.</summary>
    public string? CompareDurable(ReadOnlySpan<byte> left)
    {
        for (var i = 0; i < _durable.Count; i++)
        {
            if (_durable[i] != Unknown && (i >= left.Length || left[i] != _durable[i]))
            {
                return $"byte {i} of {Path} was durable as {_durable[i]}, and a crash left "
                    + (i < left.Length ? $"{left[i]}" : $"{left.Length} bytes");
            }
        }

        return null;
    }

    // ------------------------------------------------------------------ what each command does

    private string? Apply(Sent sent, ReadOnlySpan<byte> actual)
    {
        switch (sent.Command)
        {
            case Write write:
                return ApplyWrite(sent, write, actual);
            case Truncate truncate when sent.Answer is Truncated:
                Resize((int)truncate.Length);
                _lengthKnown = true;
                return null;
            case Truncate truncate when sent.IsUncertain:
                Forget((int)truncate.Length);
                return null;
            case Sync when sent.Answer is Synced:
                Persist(0, Length);
                return null;
            default:
                return null;
        }
    }

    private string? ApplyWrite(Sent sent, Write write, ReadOnlySpan<byte> actual)
    {
        var append = write.Offset == Write.Append;
        if (write.Offset < Write.Append)
        {
            return null;
        }

        if (sent.IsUncertain)
        {
            if (append)
            {
                Forget(Length);
            }
            else
            {
                Forget(write.Offset, write.Data.Length);
            }

            return null;
        }

        var done = sent.Answer is Written ? write.Data.Length : (int)sent.Failure!.BytesDone;
        if (done == 0 || (append && !_lengthKnown))
        {
            return null;
        }

        var offset = append ? Length : (int)write.Offset;
        Resize(Math.Max(Length, offset + done));
        for (var i = 0; i < done; i++)
        {
            _known[offset + i] = write.Data.Span[i];
            _suspect[offset + i] = false;
        }

        if (sent.Answer is Written && sent.Handle!.Durability != Durability.None)
        {
            Persist(offset, offset + done);
        }

        return CompareWritten(sent, offset, done, actual);
    }

    private string? CompareWritten(Sent sent, int offset, int done, ReadOnlySpan<byte> actual)
    {
        for (var i = offset; i < offset + done; i++)
        {
            if (!MayChange(i) && (i >= actual.Length || actual[i] != _known[i]))
            {
                return $"{sent} was answered {sent.Answer}, and byte {i} of {Path} "
                    + (i < actual.Length ? $"is {actual[i]} and not {_known[i]}" : $"is missing ({actual.Length})");
            }
        }

        return null;
    }

    // ------------------------------------------------------------------ ranges

    private bool MayChange(long at) => _emptyingOpens > 0 || _uncommitted.Any(sent => sent.Command switch
    {
        Write { Offset: >= 0 } write => at >= write.Offset && at < write.Offset + write.Data.Length,
        Truncate truncate => at >= truncate.Length,
        _ => false,
    });

    private void Persist(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!_suspect[i] && !MayChange(i))
            {
                _durable[i] = _known[i];
            }
        }
    }

    /// <summary>From here on nobody knows what there is, or how much.</summary>
    private void Forget(int from)
    {
        if (from < Length)
        {
            Resize(from);
        }

        _lengthKnown = false;
    }

    private void Forget(long offset, int count)
    {
        Fill(_known, offset, count, Unknown);
        _lengthKnown &= offset + count <= Length;
    }

    /// <summary>What is new is a hole, which reads as zeros; or what nobody knows was there.</summary>
    private void Resize(int length)
    {
        Resize(_known, length, _lengthKnown ? (short)0 : Unknown);
        Resize(_durable, length, Unknown);
        Resize(_suspect, length, false);
    }

    private static void Resize<T>(List<T> list, int length, T filler)
    {
        if (list.Count > length)
        {
            list.RemoveRange(length, list.Count - length);
        }
        else
        {
            list.AddRange(Enumerable.Repeat(filler, length - list.Count));
        }
    }

    private static void Fill(List<short> list, long offset, int count, short value)
    {
        var end = Math.Min(list.Count, offset + count);
        for (var i = (int)offset; i < end; i++)
        {
            list[i] = value;
        }
    }

    private static int? Differs(List<short> expected, ReadOnlySpan<byte> actual)
    {
        for (var i = 0; i < Math.Min(expected.Count, actual.Length); i++)
        {
            if (expected[i] != Unknown && expected[i] != actual[i])
            {
                return i;
            }
        }

        return null;
    }
}
