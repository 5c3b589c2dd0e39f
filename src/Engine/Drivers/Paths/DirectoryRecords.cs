using System.Buffers.Binary;

namespace Actors.Engine.Drivers.Paths;

/// <summary>Walks the records that getdents64 leaves in a buffer, without the directory itself and its
/// parent.</summary>
internal ref struct DirectoryRecords(ReadOnlySpan<byte> records)
{
    // struct linux_dirent64: inode, offset, length of the record, type, name.
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    private ReadOnlySpan<byte> _rest = records;

    /// <summary>What the directory says that the entry is; not every file system does.</summary>
    public EntryType Type { get; private set; }

    /// <summary>With its zero at the end.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[LengthAt..]);
            var name = _rest[NameAt..length];
            Type = (EntryType)_rest[TypeAt];
            Name = name[..(name.IndexOf((byte)0) + 1)];
            _rest = _rest[length..];
            if (!Name.SequenceEqual(".\0"u8) && !Name.SequenceEqual("..\0"u8))
            {
                return true;
            }
        }

        return false;
    }
}
