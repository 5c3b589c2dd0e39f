using System.Buffers;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>One of the threads that copy a tree: reads directories, and has their entries copied by itself or, piece by
/// piece, by the others.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeWorker
{
    /// <summary>Of a directory's records, which makes about 128 entries a piece.</summary>
    private const int PieceSize = 4096;

    /// <summary>Directories in each other that one worker reads at a time when the queue is full.</summary>
    private const int NestingMax = 32;

    private const int OwnerMay = 0x1c0; // 0700

    private readonly TreeCopy _tree;
    private readonly TreeFileCopy _files;
    private int _nesting;

    public TreeWorker(TreeCopy tree)
    {
        _tree = tree;
        _files = new TreeFileCopy(tree);
    }

    /// <summary>The permission bits that the copy of a directory has until everything is in it.</summary>
    public static int ModeWhileOpen(in Statx info, TreeCopyOptions options) =>
        options.PreserveModes ? (info.Mode & Metadata.PermissionBits) | OwnerMay : Metadata.PermissionBits;

    public void Run()
    {
        while (_tree.Queue.TryTake(out var work))
        {
            Perform(work);
        }
    }

    private void Perform(in TreeWork work)
    {
        try
        {
            if (work.Records is { } records)
            {
                CopyPiece(work.Directory, records.AsSpan(0, work.Length));
            }
            else
            {
                ReadDirectory(work.Directory);
            }
        }
        finally
        {
            if (work.Records is { } records)
            {
                ArrayPool<byte>.Shared.Return(records);
            }

            Release(work.Directory);
        }
    }

    // ------------------------------------------------------------------ directories

    private void ReadDirectory(TreeDirectory directory)
    {
        if (directory.Parent is not null && !TryOpen(directory, directory.Parent))
        {
            return;
        }

        _tree.Tally.AddDirectory();
        while (!_tree.IsStopped)
        {
            var records = ArrayPool<byte>.Shared.Rent(PieceSize);
            var length = _tree.Paths.ReadEntries(directory.Source, records.AsSpan(0, PieceSize));
            if (length <= 0)
            {
                ArrayPool<byte>.Shared.Return(records);
                if (length < 0)
                {
                    _tree.Fail(directory, "\0"u8, "getdents", -length);
                }

                return;
            }

            directory.Retain();
            var piece = new TreeWork(directory, records, length);
            if (!_tree.Queue.TryAdd(piece))
            {
                Perform(piece);
            }
        }
    }

    private bool TryOpen(TreeDirectory directory, TreeDirectory parent)
    {
        var flags = LinuxPaths.ReadDirectory;
        directory.Source = _tree.Paths.Open(
            parent.Source, directory.Name, directory.Followed ? flags : flags | LinuxPaths.NoFollow);
        if (directory.Source < 0)
        {
            return Fails(directory, "open", -directory.Source);
        }

        var error = _tree.Paths.Stat(directory.Source, out var info);
        if (error < 0)
        {
            return Fails(directory, "statx", -error);
        }

        directory.Info = info;
        if (_tree.IsTarget(directory) || directory.IsInItself())
        {
            _tree.Skip(
                directory, "\0"u8, FailureReason.InvalidArgument, "the target, or a directory that it is itself in");
            return false;
        }

        error = _tree.Paths.MakeDirectory(parent.Target, directory.Name, ModeWhileOpen(info, _tree.Options));
        if (error < 0 && error != -Errno.EEXIST)
        {
            return Fails(directory, "mkdir of the copy of", -error);
        }

        directory.Target = _tree.Paths.Open(parent.Target, directory.Name, flags | LinuxPaths.NoFollow);
        return directory.Target >= 0
            || Fails(directory, "mkdir of the copy of", error < 0 ? Errno.EEXIST : -directory.Target);
    }

    private bool Fails(TreeDirectory directory, string call, int errno)
    {
        _tree.Fail(directory, "\0"u8, call, errno);
        return false;
    }

    private void Release(TreeDirectory? directory)
    {
        for (; directory?.Release() == true; directory = directory.Parent)
        {
            if (directory.Target >= 0 && !_tree.IsStopped)
            {
                Dress(directory);
            }

            directory.Close();
        }
    }

    /// <summary>Gives a finished directory its mode and times, where its file system lets it.</summary>
    private void Dress(TreeDirectory directory)
    {
        var options = _tree.Options;
        var mode = directory.Info.Mode & Metadata.PermissionBits;
        var made = ModeWhileOpen(directory.Info, options) & ~_tree.Umask;
        var error = options.PreserveModes && mode != made
            ? Metadata.Kept(_tree.Paths.SetMode(directory.Target, mode))
            : 0;
        if (error == 0 && options.PreserveTimes)
        {
            error = Metadata.Kept(_tree.Paths.SetTimes(directory.Target, directory.Info));
        }

        if (error < 0)
        {
            _tree.Fail(directory, "\0"u8, "setting mode and times of the copy of", -error);
        }
    }

    // ------------------------------------------------------------------ entries

    private void CopyPiece(TreeDirectory directory, ReadOnlySpan<byte> bytes)
    {
        var records = new DirectoryRecords(bytes);
        while (!_tree.IsStopped && records.MoveNext())
        {
            _tree.Cancellation.ThrowIfCancellationRequested();
            CopyEntry(directory, records.Type, records.Name);
        }

        _tree.Tally.Tell();
    }

    private void CopyEntry(TreeDirectory directory, EntryType type, ReadOnlySpan<byte> name)
    {
        if (type == EntryType.File)
        {
            _files.CopyFile(directory, name, followed: false);
            return;
        }

        if (type == EntryType.Directory)
        {
            Enter(new TreeDirectory(_tree.Paths, directory, name));
            return;
        }

        var follow = _tree.Options.FollowSymbolicLinks;
        var error = _tree.Paths.Stat(directory.Source, name, follow, out var info);
        if (follow && error is (-Errno.ENOENT or -Errno.ELOOP))
        {
            _tree.Skip(directory, name, FailureReason.NotFound, "a symbolic link that leads nowhere");
        }
        else if (error < 0)
        {
            _tree.Fail(directory, name, "statx", -error);
        }
        else
        {
            CopyKind(directory, info, name, follow);
        }
    }

    private void CopyKind(TreeDirectory directory, in Statx info, ReadOnlySpan<byte> name, bool followed)
    {
        switch (info.Kind)
        {
            case FileKind.File:
                _files.CopyFile(directory, name, followed);
                break;
            case FileKind.Directory:
                Enter(new TreeDirectory(_tree.Paths, directory, name, followed));
                break;
            case FileKind.SymbolicLink:
                _files.CopyLink(directory, name, info);
                break;
            default:
                _tree.Skip(directory, name, FailureReason.NotARegularFile, "a pipe, socket or device");
                break;
        }
    }

    private void Enter(TreeDirectory directory)
    {
        directory.Parent!.Retain();
        var work = new TreeWork(directory);
        if (_tree.Queue.TryAdd(work))
        {
            return;
        }

        if (_nesting == NestingMax)
        {
            _tree.Queue.Add(work);
            return;
        }

        _nesting++;
        Perform(work);
        _nesting--;
    }
}
