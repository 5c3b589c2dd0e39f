using System.Buffers;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths.Trees;

namespace Actors.Engine.Drivers.Paths;

/// <summary>Names by Linux system calls.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxPathCalls : IPathCalls
{
    private const int Here = LinuxPaths.WorkingDirectory;
    private const int EntriesBuffer = 16 << 10;
    private const int PermissionBits = 0x1ff; // 0777

    public FileStatus Stat(string path, bool followLinks)
    {
        SystemCallException.Check(LinuxPaths.Stat(Here, PathName.Of(path), followLinks, out var info), "statx", path);
        return info.ToStatus();
    }

    public void Rename(string path, string newPath, bool overwrite)
    {
        var from = PathName.Of(path);
        var to = PathName.Of(newPath);
        var error = LinuxPaths.Rename(Here, from, to, overwrite);
        if (error == -Errno.EINVAL && !overwrite)
        {
            // A file system without RENAME_NOREPLACE: two steps, between which somebody may come.
            error = LinuxPaths.Stat(Here, to, false, out _) == 0
                ? -Errno.EEXIST
                : LinuxPaths.Rename(Here, from, to, true);
        }

        SystemCallException.Check(error, "rename", $"{path} to {newPath}");
    }

    public void Delete(string path) =>
        SystemCallException.Check(LinuxPaths.Unlink(Here, PathName.Of(path)), "unlink", path);

    public IEnumerator<DirectoryEntry> List(string directory)
    {
        var flags = LinuxFiles.ReadOnly | LinuxPaths.DirectoryOnly | LinuxFiles.CloseOnExec;
        return new OpenDirectory(
            SystemCallException.Check(LinuxPaths.Open(Here, PathName.Of(directory), flags), "open", directory),
            directory);
    }

    public Copied Copy(Copy copy)
    {
        var source = SystemCallException.Check(
            LinuxPaths.Open(Here, PathName.Of(copy.Path), LinuxPaths.SafeRead), "open", copy.Path);
        try
        {
            SystemCallException.Check(LinuxPaths.Stat(source, out var info), "statx", copy.Path);
            if (!info.IsRegular)
            {
                throw new SystemCallException("copy", copy.Path, info.IsDirectory ? Errno.EISDIR : Errno.ENXIO);
            }

            if (!copy.Overwrite && LinuxPaths.Stat(Here, PathName.Of(copy.Target), false, out _) == 0)
            {
                throw new SystemCallException("copy to", copy.Target, Errno.EEXIST);
            }

            return CopyByName(copy, source, info);
        }
        finally
        {
            LinuxPaths.Close(source);
        }
    }

    public TreeCopyReport CopyTree(CopyTree copy) => new TreeCopy(copy).Run();

    public void SyncDirectory(string directory) =>
        SystemCallException.Check(LinuxFiles.SyncDirectory(directory), "fsync of the directory", directory);

    private Copied CopyByName(Copy copy, int source, in Statx info)
    {
        var temporary = PathName.TemporaryBeside(copy.Target);
        var name = PathName.Of(temporary);
        const int Flags = LinuxFiles.WriteOnly | LinuxFiles.Create | LinuxFiles.Exclusive | LinuxFiles.CloseOnExec;
        const int OwnerOnly = 0x180; // 0600
        var target = SystemCallException.Check(LinuxPaths.Open(Here, name, Flags, OwnerOnly), "create", copy.Target);
        try
        {
            long bytes = 0;
            var content = new FileCopy(copied => bytes += copied, copy.Cancellation);
            SystemCallException.Check(content.Copy(source, target, info), "copy to", copy.Target);
            SystemCallException.Check(
                LinuxPaths.SetMode(target, info.Mode & PermissionBits), "chmod", copy.Target);
            SystemCallException.Check(copy.Durable ? LinuxPaths.Sync(target) : 0, "fsync", copy.Target);
            Rename(temporary, copy.Target, copy.Overwrite);
            return new Copied(copy.Path, copy.Target, bytes, content.Method);
        }
        catch
        {
            LinuxPaths.Unlink(Here, name);
            throw;
        }
        finally
        {
            LinuxPaths.Close(target);
        }
    }

    /// <summary>The entries of a directory, read as they are asked for.</summary>
    private sealed class OpenDirectory(int descriptor, string path) : IEnumerator<DirectoryEntry>
    {
        private readonly Queue<DirectoryEntry> _entries = new();
        private int _descriptor = descriptor;

        /// <summary>Closes the directory of a listing that was forgotten.</summary>
        ~OpenDirectory() => Close();

        public DirectoryEntry Current { get; private set; } = null!;

        object System.Collections.IEnumerator.Current => Current;

        public bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(_descriptor < 0, this);
            if (_entries.Count == 0)
            {
                ReadMore();
            }

            var any = _entries.TryDequeue(out var next);
            Current = next!;
            return any;
        }

        public void Reset() => throw new NotSupportedException();

        public void Dispose()
        {
            Close();
            GC.SuppressFinalize(this);
        }

        private void Close() => LinuxPaths.Close(Interlocked.Exchange(ref _descriptor, -1));

        private void ReadMore()
        {
            var buffer = ArrayPool<byte>.Shared.Rent(EntriesBuffer);
            try
            {
                int length;
                do
                {
                    length = SystemCallException.Check(
                        LinuxPaths.ReadEntries(_descriptor, buffer), "getdents", path);
                    var records = new DirectoryRecords(buffer.AsSpan(0, length));
                    while (records.MoveNext())
                    {
                        var name = PathName.ToText(records.Name);
                        _entries.Enqueue(new DirectoryEntry(Path.Join(path, name), name, KindOf(records)));
                    }
                }
                while (length > 0 && _entries.Count == 0);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private FileKind KindOf(DirectoryRecords record) => record.Type switch
        {
            EntryType.File => FileKind.File,
            EntryType.Directory => FileKind.Directory,
            EntryType.SymbolicLink => FileKind.SymbolicLink,
            EntryType.Unknown when LinuxPaths.Stat(_descriptor, record.Name, false, out var info) == 0 => info.Kind,
            _ => FileKind.Other,
        };
    }
}
