using System.Runtime.CompilerServices;
using Actors.Engine.Files;

namespace Actors.Engine;

/// <content>Names rather than open files. Each call throws <see cref="FileEngineException"/> for what could not be
/// done, <see cref="ArgumentException"/> for an empty path, and <see cref="OperationCanceledException"/> when it was
/// taken back, which can be done until it starts; the calls that take long say what else. <see
/// cref="FailureReason.NotDurable"/> says that the call was performed and only the sync of its directory failed. Calls
/// that are under way when the engine stops fail with <see cref="FailureReason.Closing"/>, and may still be
/// performed.</content>
public sealed partial class FileEngine
{
    /// <summary>Looks at a path.</summary>
    /// <param name="path">File, directory or whatever else.</param>
    /// <param name="followLinks">Look at what a symbolic link leads to rather than at the link.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    /// <exception cref="FileEngineException">There is nothing: <see cref="FailureReason.NotFound"/>; or it must not be
    /// looked at.</exception>
    public async Task<FileStatus> StatAsync(
        string path, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        var result = await PathRequest<StatResult>.SendAsync(this, new Stat(path, followLinks), cancellationToken)
            .ConfigureAwait(false);
        return result.Status;
    }

    /// <summary>Whether a path leads to anything, through symbolic links. As with <see cref="File.Exists(string)"/>, what
    /// can lead to nothing, or must not be looked at, does not exist: a name that is too long, links in a circle, a
    /// directory that is closed to us.</summary>
    /// <param name="path">File, directory or whatever else.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    /// <exception cref="FileEngineException">It could not be found out: the device failed, the engine has
    /// stopped.</exception>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(path))
        {
            return false;
        }

        try
        {
            await StatAsync(path, true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (FileEngineException e) when (
            e.Reason is FailureReason.NotFound or FailureReason.AccessDenied or FailureReason.InvalidArgument
                or FailureReason.NotARegularFile)
        {
            return false;
        }
    }

    /// <summary>Renames a file or directory, durably.</summary>
    /// <param name="path">What exists.</param>
    /// <param name="newPath">Its new name, on the same file system; on another, <see
    /// cref="FailureReason.NotSupported"/>.</param>
    /// <param name="overwrite">Replace an existing file; otherwise <see cref="FailureReason.AlreadyExists"/>.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public Task RenameAsync(
        string path, string newPath, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(newPath);
        return PathRequest<Renamed>.SendAsync(this, new Rename(path, newPath, overwrite), cancellationToken);
    }

    /// <summary>Deletes a file, or a symbolic link itself.</summary>
    /// <param name="path">The file; when missing, <see cref="FailureReason.NotFound"/>.</param>
    /// <param name="durable">Sync its directory, so that it does not come back after a crash.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public Task DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default) =>
        PathRequest<Deleted>.SendAsync(this, new Delete(path, durable), cancellationToken);

    /// <summary>Sets permission bits (chmod); <see cref="FailureReason.NotSupported"/> on Windows.</summary>
    /// <param name="path">File or directory.</param>
    /// <param name="mode">All of its permission bits; umask does not touch them.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public Task SetModeAsync(string path, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        PathRequest<ModeSet>.SendAsync(this, new SetMode(path, mode), cancellationToken);

    /// <summary>Copies a file with its permission bits, where the file system lets it: shared with the source where the
    /// file system can, then in the kernel, then by reading and writing. The target has its old content or all of the
    /// new, never a part.</summary>
    /// <param name="source">The file; symbolic links are followed.</param>
    /// <param name="target">The copy's name, in a directory that exists. A symbolic link there is replaced
    /// itself; a directory, pipe or device is <see cref="FailureReason.NotARegularFile"/>.</param>
    /// <param name="overwrite">Replace an existing file; otherwise <see cref="FailureReason.AlreadyExists"/>.</param>
    /// <param name="durable">Sync the copy and its directory.</param>
    /// <param name="cancellationToken">Ends the copy within 8 MiB, on Linux; nothing is left of it then.</param>
    /// <returns>The length of the copy, and how it was made.</returns>
    public Task<Copied> CopyAsync(
        string source,
        string target,
        bool overwrite = false,
        bool durable = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return PathRequest<Copied>.SendAsync(this, new Copy(source, target, overwrite, durable), cancellationToken);
    }

    /// <summary>Copies a directory with everything below it, several files at a time. Pipes, sockets and devices are
    /// skipped, and the report names them. Nothing is ever written outside of the target, whatever links are
    /// there.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="target">Its copy; created when missing, in a directory that exists; merged into when present. In
    /// the source itself, <see cref="FailureReason.InvalidArgument"/>.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="progress">Told how far it is, on the threads that copy, one call at a time. What it throws is
    /// ignored.</param>
    /// <param name="cancellationToken">Ends it between files, and between chunks of 8 MiB. Whole files that are there
    /// by then stay.</param>
    /// <exception cref="FileEngineException">An entry could not be copied; its <see cref="FileEngineException.Path"/>
    /// is that of the entry. Whole files that are there by then stay.</exception>
    public async Task<TreeCopyReport> CopyTreeAsync(
        string source,
        string target,
        TreeCopyOptions? options = null,
        IProgress<TreeCopyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        var command = new CopyTree(source, target, options, progress);
        var copied = await PathRequest<TreeCopied>.SendAsync(this, command, cancellationToken).ConfigureAwait(false);
        return copied.Report;
    }

    // ------------------------------------------------------------------ directories

    /// <summary>Creates a directory, and its parents where they are missing.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="mode">Permission bits, before umask. Default 0777.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    /// <returns>False when it was there already.</returns>
    public async Task<bool> CreateDirectoryAsync(
        string path, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        var command = new CreateDirectory(path, mode);
        var created = await PathRequest<DirectoryCreated>.SendAsync(this, command, cancellationToken)
            .ConfigureAwait(false);
        return created.Created;
    }

    /// <summary>Deletes a directory.</summary>
    /// <param name="path">The directory; when missing, <see cref="FailureReason.NotFound"/>.</param>
    /// <param name="recursive">Delete what is in it first; otherwise, <see cref="FailureReason.NotEmpty"/>. Symbolic
    /// links are deleted and never followed. On failure a part is gone.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public Task DeleteDirectoryAsync(
        string path, bool recursive = false, CancellationToken cancellationToken = default) =>
        PathRequest<DirectoryDeleted>.SendAsync(this, new DeleteDirectory(path, recursive), cancellationToken);

    /// <summary>The entries of a directory, without itself and its parent, in the file system's order; at most 256 are
    /// held at a time. Entries that come or go meanwhile may be missed or not.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<DirectoryEntry> ListAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FileSystemCommand? command = new ListDirectory(path);
        try
        {
            while (command is not null)
            {
                var listed = await PathRequest<DirectoryListed>.SendAsync(this, command, cancellationToken)
                    .ConfigureAwait(false);
                command = listed.More;
                foreach (var entry in listed.Entries)
                {
                    yield return entry;
                }
            }
        }
        finally
        {
            (command as ListMore)?.Dispose();
        }
    }
}
