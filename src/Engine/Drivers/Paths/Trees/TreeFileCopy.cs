using System.Runtime.Versioning;
using System.Text;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>Copies files and links from one open directory to another. A copy that fails is removed; one that replaces
/// something does so by a rename. For one thread at a time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeFileCopy
{
    private const int UsualMode = 0x1b6; // 0666
    private const int LinkMax = 4096; // PATH_MAX

    private readonly TreeCopy _tree;
    private readonly TreeCopyOptions _options;
    private readonly FileCopy _content;
    private readonly int _create;
    private long _bytes;

    public TreeFileCopy(TreeCopy tree)
    {
        _tree = tree;
        _options = tree.Options;
        _content = new FileCopy(tree.Paths, OnCopied, tree.Cancellation);
        _create = LinuxFiles.Create | LinuxFiles.Exclusive | LinuxFiles.CloseOnExec | LinuxPaths.NoFollow
            | (_options.Verify ? LinuxFiles.ReadWrite : LinuxFiles.WriteOnly);
    }

    public void CopyFile(TreeDirectory directory, ReadOnlySpan<byte> name, bool followed)
    {
        var flags = followed ? LinuxPaths.SafeRead : LinuxPaths.SafeRead | LinuxPaths.NoFollow;
        var source = _tree.Paths.Open(directory.Source, name, flags);
        if (source < 0)
        {
            _tree.Fail(directory, name, "open", -source);
            return;
        }

        try
        {
            var error = _tree.Paths.Stat(source, out var info);
            if (error < 0)
            {
                _tree.Fail(directory, name, "statx", -error);
            }
            else if (!info.IsRegular)
            {
                _tree.Skip(directory, name, FailureReason.NotARegularFile, "not a file any more");
            }
            else
            {
                CopyOpened(directory, name, source, info);
            }
        }
        finally
        {
            _tree.Paths.Close(source);
        }
    }

    public void CopyLink(TreeDirectory directory, ReadOnlySpan<byte> name, in Statx info)
    {
        Span<byte> content = stackalloc byte[LinkMax + 1];
        var length = _tree.Paths.ReadLink(directory.Source, name, content[..LinkMax]);
        if (length < 0)
        {
            _tree.Fail(directory, name, "readlink", -length);
            return;
        }

        content[length] = 0;
        var made = name;
        var error = _tree.Paths.MakeLink(content, directory.Target, made);
        if (error == -Errno.EEXIST && _options.Overwrite)
        {
            made = TemporaryName();
            error = _tree.Paths.MakeLink(content, directory.Target, made);
        }

        if (error == 0)
        {
            error = _options.PreserveTimes
                ? Metadata.Kept(_tree.Paths.SetTimes(directory.Target, made, info))
                : 0;
            error = Finish(directory, made, name, error);
        }

        if (error < 0)
        {
            _tree.Fail(directory, name, "making the copy of the link", -error);
            return;
        }

        _tree.Tally.AddLink();
    }

    private void CopyOpened(TreeDirectory directory, ReadOnlySpan<byte> name, int source, in Statx info)
    {
        var mode = _options.PreserveModes ? info.Mode & Metadata.PermissionBits : UsualMode;
        var made = name;
        var target = _tree.Paths.Open(directory.Target, made, _create, mode);
        if (target == -Errno.EEXIST && _options.Overwrite)
        {
            made = TemporaryName();
            target = _tree.Paths.Open(directory.Target, made, _create, mode);
        }

        if (target < 0)
        {
            _tree.Fail(directory, name, "creating the copy of", -target);
            return;
        }

        _bytes = 0;
        var error = -Errno.ECANCELED;
        var call = "copying";
        try
        {
            error = CopyTo(target, source, info, mode, ref call);
        }
        finally
        {
            // A server may say only now that it has no room.
            var closed = _tree.Paths.Close(target);
            error = Finish(directory, made, name, error < 0 ? error : closed);
            if (error < 0)
            {
                _tree.Tally.AddBytes(-_bytes);
            }
        }

        if (error < 0)
        {
            _tree.Fail(directory, name, call, -error);
            return;
        }

        _tree.Tally.AddFile();
    }

    private int CopyTo(int target, int source, in Statx info, int mode, ref string call)
    {
        var error = _content.Copy(source, target, info);
        if (error == 0 && _options.Verify)
        {
            var same = _content.Compare(source, target);
            error = same == 0 ? -Errno.EIO : Math.Min(same, 0);
            call = same == 0 ? "the copy differs from" : "comparing the copy with";
        }

        if (error == 0 && _options.PreserveModes && (mode & _tree.Umask) != 0)
        {
            error = Metadata.Kept(_tree.Paths.SetMode(target, mode));
        }

        return error == 0 && _options.PreserveTimes ? Metadata.Kept(_tree.Paths.SetTimes(target, info)) : error;
    }

    /// <summary>Gives a copy its name if it has another, or removes it if it failed.</summary>
    private int Finish(TreeDirectory directory, ReadOnlySpan<byte> made, ReadOnlySpan<byte> name, int error)
    {
        if (error == 0 && made != name)
        {
            error = _tree.Paths.Rename(directory.Target, made, directory.Target, name, overwrite: true);
        }

        if (error < 0)
        {
            _ = _tree.Paths.Unlink(directory.Target, made);
        }

        return error;
    }

    private static byte[] TemporaryName() => Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}.tmp\0");

    private void OnCopied(long bytes)
    {
        _bytes += bytes;
        _tree.Tally.AddBytes(bytes);
        if (bytes >= FileCopy.BufferSize)
        {
            _tree.Tally.Tell();
        }
    }
}
