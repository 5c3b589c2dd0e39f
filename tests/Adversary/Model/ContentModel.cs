namespace Actors.Adversary.Model;

/// <summary>
/// The bytes of a file that one client has to itself: what is there, and what may be there besides, now or later, of
/// calls that ended without the kernel. Not thread-safe.
/// </summary>
internal sealed class ContentModel(string path)
{
    private readonly List<(long Offset, byte[] Data)> _loose = [];
    private byte[] _bytes = [];
    private long? _looseLength;
    private bool _isHeld;

    public string Path => path;

    /// <summary>Bytes in the file, as far as they are known.</summary>
    public int Length { get; private set; }

    /// <summary>True when something may be done to the file that nobody will tell.</summary>
    public bool IsLoose => _isHeld || _loose.Count > 0 || _looseLength is not null;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The file has this content and nothing else.</summary>
    public void Set(ReadOnlySpan<byte> content)
    {
        _bytes = content.ToArray();
        Length = content.Length;
        _loose.Clear();
        _looseLength = null;
        _isHeld = false;
    }

    /// <summary>Bytes are there.</summary>
    public void Wrote(long offset, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            SetLength(Math.Max(Length, (int)offset + data.Length));
            data.CopyTo(_bytes.AsSpan((int)offset));
        }
    }

    /// <summary>Bytes may be there, or come.</summary>
    public void MayWrite(long offset, ReadOnlySpan<byte> data) => _loose.Add((offset, data.ToArray()));

    /// <summary>A call that changes nothing may still be in the kernel, and keeps the file open.</summary>
    public void MayBeHeld() => _isHeld = true;

    /// <summary>The length was set; what is new are zeros.</summary>
    public void Truncated(long length) => SetLength((int)length);

    /// <summary>The length may be set, now or later.</summary>
    public void MayTruncate(long length) => _looseLength = Math.Min(length, _looseLength ?? length);

    /// <summary>A copy under another name.</summary>
    public ContentModel CopyTo(string newPath)
    {
        var copy = new ContentModel(newPath);
        copy.Set(Bytes);
        return copy;
    }

    /// <summary>Compares with what was read.</summary>
    /// <param name="actual">The bytes.</param>
    /// <param name="offset">Where they were read.</param>
    /// <param name="toEnd">Whether that was all up to the end of the file.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Compare(ReadOnlySpan<byte> actual, long offset, bool toEnd)
    {
        var shortest = _looseLength is { } cut ? Math.Min(cut, Length) : Length;
        var longest = Math.Max(Length, _looseLength ?? 0);
        foreach (var (at, data) in _loose)
        {
            longest = Math.Max(longest, at + data.Length);
        }

        var end = offset + actual.Length;
        if ((actual.Length > 0 && end > longest) || (toEnd && end < Math.Max(shortest, offset)))
        {
            return $"{path}: {end} bytes, where {shortest} to {longest} are right";
        }

        for (var i = 0; i < actual.Length; i++)
        {
            if (!MayBe(offset + i, actual[i]))
            {
                return $"{path}: byte {offset + i} of {Length} is wrong: {Stamp.Show(actual[i..])}, not "
                    + $"{Stamp.Show(Bytes[(int)Math.Min(Length, offset + i)..])}";
            }
        }

        return null;
    }

    /// <summary>Compares with the disk.</summary>
    public string? CompareWithDisk() => File.Exists(path)
        ? Compare(File.ReadAllBytes(path), 0, toEnd: true)
        : Length == 0 ? null : $"{path} is gone";

    private bool MayBe(long position, byte value)
    {
        if (position < Length ? _bytes[position] == value : value == 0)
        {
            return true;
        }

        if (value == 0 && _looseLength <= position)
        {
            return true;
        }

        foreach (var (offset, data) in _loose)
        {
            if (position >= offset && position < offset + data.Length && data[position - offset] == value)
            {
                return true;
            }
        }

        return false;
    }

    private void SetLength(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, 2 * _bytes.Length));
        }

        if (length < Length)
        {
            _bytes.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }
}
