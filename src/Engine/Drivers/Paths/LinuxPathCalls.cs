using System.Buffers;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths.Trees;

namespace Actors.Engine.Drivers.Paths;

/// <summary>Names by Linux system calls.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxPathCalls(ILinuxPaths paths) : IPathCalls
{
    private const int Here = LinuxPaths.WorkingDirectory;
    private const int EntriesBuffer = 16 << 10;
    private const int UsualDirectoryMode = 0x1ff; // 0777

    public FileStatus Stat(string path, bool followLinks)
    {
        SystemCallException.Check(paths.Stat(Here, PathName.Of(path), followLinks, out var info), "statx", path);
        return info.ToStatus();
    }

    public void SetMode(string path, UnixFileMode mode) => SystemCallException.Check(
        paths.SetMode(Here, PathName.Of(path), Metadata.ModeOf(mode)), "chmod", path);

    // ------------------------------------------------------------------ names

    public void Rename(string path, string newPath, bool overwrite)
    {
        var (fromDirectory, from) = PathName.Split(path);
        var (toDirectory, to) = PathName.Split(newPath);
        using var source = new HeldDirectory(paths, fromDirectory, path);
        using var other = fromDirectory.SequenceEqual(toDirectory)
            ? null
            : new HeldDirectory(paths, toDirectory, newPath);
        var target = other ?? source;
        var both = $"{path} to {newPath}";
        SystemCallException.Check(
            RenameBetween(source.Descriptor, from, target.Descriptor, to, overwrite), "rename", both);

        // The second is synced also when the first could not be.
        var error = target.Sync();
        var errorOfSource = other is null ? 0 : source.Sync();
        SystemCallException.CheckDurable(error < 0 ? error : errorOfSource, "rename", both);
    }

    public void Delete(string path, bool durable)
    {
        if (!durable)
        {
            SystemCallException.Check(paths.Unlink(Here, PathName.Of(path)), "unlink", path);
            return;
        }

        var (parent, name) = PathName.Split(path);
        using var directory = new HeldDirectory(paths, parent, path);
        SystemCallException.Check(paths.Unlink(directory.Descriptor, name), "unlink", path);
        SystemCallException.CheckDurable(directory.Sync(), "unlink", path);
    }

    private int RenameBetween(int directory, byte[] from, int newDirectory, byte[] to, bool overwrite)
    {
        var error = paths.Rename(directory, from, newDirectory, to, overwrite);
        if (error != -Errno.EINVAL || overwrite)
        {
            return error;
        }

        // A file system without RENAME_NOREPLACE: two steps, between which somebody may come.
        var found = paths.Stat(newDirectory, to, false, out _);
        return found == 0 ? -Errno.EEXIST
            : found == -Errno.ENOENT ? paths.Rename(directory, from, newDirectory, to, true)
            : found;
    }

    // ------------------------------------------------------------------ content

    public void Replace(Replace replace)
    {
        var (parent, name) = PathName.Split(replace.Path);
        using var directory = new HeldDirectory(paths, parent, replace.Path);
        var kept = RefuseUnlessReplaceable(directory, name, replace.Path)
            ? ModeOfFile(directory, name, replace.Path)
            : null;
        var mode = kept ?? Metadata.ModeOf(replace.CreateMode ?? new OpenOptions().CreateMode);
        PutInPlace(directory, name, replace.Path, mode, overwrite: true, file =>
        {
            SystemCallException.Check(
                kept is null ? 0 : Metadata.Kept(paths.SetMode(file, mode)), "chmod", replace.Path);
            SystemCallException.Check(
                FileCopy.WriteFully(paths, file, replace.Data.Span, 0), "write", replace.Path);
            SystemCallException.Check(paths.Sync(file), "fsync", replace.Path);
        });
        SystemCallException.CheckDurable(directory.Sync(), "replace", replace.Path);
    }

    public void Commit(string temporary, string path)
    {
        var (parent, name) = PathName.Split(path);
        using var directory = new HeldDirectory(paths, parent, path);
        RefuseUnlessReplaceable(directory, name, path);
        SystemCallException.Check(
            paths.Rename(directory.Descriptor, PathName.Split(temporary).Name, directory.Descriptor, name, true),
            "replace", path);
        SystemCallException.CheckDurable(directory.Sync(), "replace", path);
    }

    public Copied Copy(Copy copy)
    {
        var source = SystemCallException.Check(
            paths.Open(Here, PathName.Of(copy.Path), LinuxPaths.SafeRead), "open", copy.Path);
        try
        {
            SystemCallException.Check(paths.Stat(source, out var info), "statx", copy.Path);
            if (!info.IsRegular)
            {
                throw new SystemCallException("copy", copy.Path, info.IsDirectory ? Errno.EISDIR : Errno.ENXIO);
            }

            return CopyOpened(copy, source, info);
        }
        finally
        {
            paths.Close(source);
        }
    }

    public TreeCopyReport CopyTree(CopyTree copy) => new TreeCopy(copy, paths).Run();

    private Copied CopyOpened(Copy copy, int source, Statx info)
    {
        var (parent, name) = PathName.Split(copy.Target);
        using var directory = new HeldDirectory(paths, parent, copy.Target, copy.Durable);
        if (RefuseUnlessReplaceable(directory, name, copy.Target) && !copy.Overwrite)
        {
            throw new SystemCallException("copy to", copy.Target, Errno.EEXIST);
        }

        var content = new FileCopy(paths, null, copy.Cancellation);
        var mode = info.Mode & Metadata.PermissionBits;
        PutInPlace(directory, name, copy.Target, mode, copy.Overwrite, target =>
        {
            SystemCallException.Check(content.Copy(source, target, info), "copy to", copy.Target);
            SystemCallException.Check(Metadata.Kept(paths.SetMode(target, mode)), "chmod", copy.Target);
            SystemCallException.Check(copy.Durable ? paths.Sync(target) : 0, "fsync", copy.Target);
        });
        SystemCallException.CheckDurable(copy.Durable ? directory.Sync() : 0, "copy to", copy.Target);
        return new Copied(copy.Path, copy.Target, content.Length, content.Method);
    }

    /// <summary>Whether there is a file or link. Anything else but nothing is none that new content could take the place
    /// of: it would be a device's or a pipe's end.</summary>
    private bool RefuseUnlessReplaceable(HeldDirectory directory, byte[] name, string path)
    {
        var error = paths.Stat(directory.Descriptor, name, false, out var info);
        if (error == -Errno.ENOENT)
        {
            return false;
        }

        SystemCallException.Check(error, "statx", path);
        return info.IsRegular || info.IsSymbolicLink
            ? true
            : throw new SystemCallException("replace", path, info.IsDirectory ? Errno.EISDIR : Errno.ENXIO);
    }

    /// <summary>The permission bits of a file, or of the one that a link leads to.</summary>
    private int? ModeOfFile(HeldDirectory directory, byte[] name, string path)
    {
        var error = paths.Stat(directory.Descriptor, name, true, out var info);
        SystemCallException.Check(error is -Errno.ENOENT or -Errno.ELOOP ? 0 : error, "statx", path);
        return error == 0 && info.IsRegular ? info.Mode & Metadata.PermissionBits : null;
    }

    /// <summary>Makes a file under a temporary name and, once it is whole, gives it its own.</summary>
    private void PutInPlace(
        HeldDirectory directory, byte[] name, string path, int mode, bool overwrite, Action<int> fill)
    {
        const int Flags = LinuxFiles.WriteOnly | LinuxFiles.Create | LinuxFiles.Exclusive | LinuxFiles.CloseOnExec;
        var temporary = PathName.Of(PathName.TemporaryFor(path));
        var file = SystemCallException.Check(
            paths.Open(directory.Descriptor, temporary, Flags, mode), "create", path);
        try
        {
            try
            {
                fill(file);
            }
            catch
            {
                paths.Close(file);
                throw;
            }

            // A server may say only now that it has no room.
            SystemCallException.Check(paths.Close(file), "close", path);
            SystemCallException.Check(
                RenameBetween(directory.Descriptor, temporary, directory.Descriptor, name, overwrite), "rename to",
                path);
        }
        catch
        {
            paths.Unlink(directory.Descriptor, temporary);
            throw;
        }
    }

    // ------------------------------------------------------------------ directories

    public bool CreateDirectory(string path, UnixFileMode? mode)
    {
        var name = PathName.Of(path);
        var error = MakeWithParents(path, mode is { } bits ? Metadata.ModeOf(bits) : UsualDirectoryMode);
        if (error == 0)
        {
            return true;
        }

        return paths.Stat(Here, name, true, out var info) == 0 && info.IsDirectory
            ? false
            : throw new SystemCallException("mkdir", path, -error);
    }

    public void DeleteDirectory(string path, bool recursive)
    {
        // A link to a directory, with a slash behind it, would be the directory.
        var name = PathName.Of(path.TrimEnd('/') is { Length: > 0 } bare ? bare : path);
        var error = paths.RemoveDirectory(Here, name);
        if (error == -Errno.ENOTDIR && paths.Stat(Here, name, false, out var info) == 0 && info.IsSymbolicLink
            && paths.Stat(Here, name, true, out info) == 0 && info.IsDirectory)
        {
            error = paths.Unlink(Here, name);
        }

        if (recursive && TreeDeletion.IsNotEmpty(error))
        {
            using var deletion = new TreeDeletion(paths, path, name);
            deletion.Run();
            return;
        }

        SystemCallException.Check(TreeDeletion.IsNotEmpty(error) ? -Errno.ENOTEMPTY : error, "rmdir", path);
    }

    public IEnumerator<DirectoryEntry> List(string directory) => new OpenDirectory(
        paths,
        SystemCallException.Check(
            paths.Open(Here, PathName.Of(directory), LinuxPaths.ReadDirectory), "open", directory),
        directory);

    private int MakeWithParents(string path, int mode)
    {
        var name = PathName.Of(path);
        var error = paths.MakeDirectory(Here, name, mode);
        var parent = path.TrimEnd('/').LastIndexOf('/');
        if (error != -Errno.ENOENT || parent <= 0)
        {
            return error;
        }

        error = MakeWithParents(path[..parent], UsualDirectoryMode);
        return error is 0 or -Errno.EEXIST ? paths.MakeDirectory(Here, name, mode) : error;
    }

    /// <summary>The entries of a directory, read as they are asked for.</summary>
    private sealed class OpenDirectory(ILinuxPaths paths, int descriptor, string path) : IEnumerator<DirectoryEntry>
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

        private void Close() => paths.Close(Interlocked.Exchange(ref _descriptor, -1));

        private void ReadMore()
        {
            var buffer = ArrayPool<byte>.Shared.Rent(EntriesBuffer);
            try
            {
                int length;
                do
                {
                    length = SystemCallException.Check(
                        paths.ReadEntries(_descriptor, buffer), "getdents", path);
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
            EntryType.Unknown when paths.Stat(_descriptor, record.Name, false, out var info) == 0 => info.Kind,
            _ => FileKind.Other,
        };
    }
}
