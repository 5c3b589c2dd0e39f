using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>
/// Deletes a directory with everything in it. Names are relative to open directories and no link is followed, so that
/// nothing outside is ever touched, whoever moves things meanwhile. Ends with the first thing that cannot be deleted.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeDeletion(ILinuxPaths paths, string path, byte[] name) : IDisposable
{
    private const int Here = LinuxPaths.WorkingDirectory;
    private const int EntriesBuffer = 16 << 10;

    /// <summary>Directories in each other that are open at a time; of those above, only the way back is
    /// remembered.</summary>
    private const int OpenMax = 32;

    private readonly List<Level> _levels = [];
    private readonly byte[] _records = new byte[EntriesBuffer];

    /// <summary>POSIX allows either.</summary>
    public static bool IsNotEmpty(int error) => error is -Errno.ENOTEMPTY or -Errno.EEXIST;

    public void Run()
    {
        Enter(Here, name);
        while (_levels.Count > 0)
        {
            var level = _levels[^1];
            if (level.Entries.TryDequeue(out var entry))
            {
                DeleteEntry(level, entry.Name, entry.Type);
            }
            else if (!ReadEntries(level))
            {
                Leave(level);
            }
        }
    }

    public void Dispose()
    {
        foreach (var level in _levels)
        {
            paths.Close(level.Descriptor);
        }
    }

    private void Enter(int directory, byte[] entry)
    {
        var opened = paths.Open(directory, entry, LinuxPaths.ReadDirectory | LinuxPaths.NoFollow);
        _levels.Add(new Level(entry) { Descriptor = opened });
        Check(opened, "open");
        if (_levels.Count > OpenMax)
        {
            var above = _levels[^(OpenMax + 1)];
            Check(paths.Stat(above.Descriptor, out var info), "statx");
            above.Identity = info.Identity;
            paths.Close(above.Descriptor);
            above.Descriptor = -1;
        }
    }

    private bool ReadEntries(Level level)
    {
        var length = Check(paths.ReadEntries(level.Descriptor, _records), "getdents");
        var records = new DirectoryRecords(_records.AsSpan(0, length));
        while (records.MoveNext())
        {
            level.Entries.Enqueue((records.Name.ToArray(), records.Type));
        }

        return length > 0;
    }

    private void DeleteEntry(Level level, byte[] entry, EntryType type)
    {
        var error = type == EntryType.Directory ? -Errno.EISDIR : paths.Unlink(level.Descriptor, entry);
        if (error == -Errno.EISDIR)
        {
            error = paths.RemoveDirectory(level.Descriptor, entry);
            if (IsNotEmpty(error))
            {
                Enter(level.Descriptor, entry);
                return;
            }

            // No directory any more.
            error = error == -Errno.ENOTDIR ? paths.Unlink(level.Descriptor, entry) : error;
        }

        level.Deleted++;
        Check(error == -Errno.ENOENT ? 0 : error, "delete", entry);
    }

    /// <summary>Deletes a directory of which all entries have been seen.</summary>
    private void Leave(Level level)
    {
        var above = _levels.Count > 1 ? _levels[^2] : null;
        if (above is { Descriptor: < 0 })
        {
            Return(level, above);
        }

        var directory = above?.Descriptor ?? Here;
        var error = paths.RemoveDirectory(directory, level.Name);
        if (IsNotEmpty(error) && level.Deleted > 0)
        {
            // Some file systems pass over entries while others are deleted; and somebody may have made new ones.
            var again = Check(paths.Open(level.Descriptor, ".\0"u8, LinuxPaths.ReadDirectory), "open");
            paths.Close(level.Descriptor);
            level.Descriptor = again;
            level.Deleted = 0;
            return;
        }

        Check(
            IsNotEmpty(error) ? -Errno.ENOTEMPTY : error == -Errno.ENOENT && above is not null ? 0 : error, "rmdir");
        paths.Close(level.Descriptor);
        _levels.RemoveAt(_levels.Count - 1);
        if (above is not null)
        {
            above.Deleted++;
        }
    }

    /// <summary>Opens the directory above again, which is where it was unless somebody has moved this one.</summary>
    private void Return(Level level, Level above)
    {
        above.Descriptor = Check(paths.Open(level.Descriptor, "..\0"u8, LinuxPaths.ReadDirectory), "open");
        Check(paths.Stat(above.Descriptor, out var info), "statx");
        Check(info.Identity == above.Identity ? 0 : -Errno.EBUSY, "moved meanwhile:");
    }

    private int Check(int result, string call, byte[]? entry = null)
    {
        if (result >= 0)
        {
            return result;
        }

        var names = _levels.Skip(1).Select(level => level.Name).Concat(entry is null ? [] : [entry]);
        throw new SystemCallException(
            call, names.Aggregate(path, (above, below) => Path.Join(above, PathName.ToText(below))), -result);
    }

    private sealed class Level(byte[] name)
    {
        public byte[] Name => name;

        public int Descriptor { get; set; }

        public FileIdentity Identity { get; set; }

        /// <summary>Read and not yet deleted.</summary>
        public Queue<(byte[] Name, EntryType Type)> Entries { get; } = new();

        /// <summary>Entries that have gone since it was opened.</summary>
        public int Deleted { get; set; }
    }
}
