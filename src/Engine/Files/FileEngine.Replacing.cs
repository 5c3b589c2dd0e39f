using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Paths;
using Actors.Engine.Files;

namespace Actors.Engine;

/// <content>Files that take another's place, and files that go away by themselves.</content>
public sealed partial class FileEngine
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Gives a file new content, atomically and durably: a reader sees the old content or the new, also after
    /// a crash. An existing file keeps its permission bits, not its owner; a symbolic link is replaced
    /// itself.</summary>
    /// <param name="path">The file; created when missing. A directory, pipe or device is <see
    /// cref="FailureReason.NotARegularFile"/>.</param>
    /// <param name="data">Its new content; must not be changed until the task completes.</param>
    /// <param name="createMode">Permission bits when the file is new, before umask. Default 0666.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public Task ReplaceAsync(
        string path,
        ReadOnlyMemory<byte> data,
        UnixFileMode? createMode = null,
        CancellationToken cancellationToken = default) =>
        PathRequest<Replaced>.SendAsync(this, new Replace(path, data, createMode), cancellationToken);

    /// <summary>Like <see cref="ReplaceAsync"/>, for content that is written piece by piece: what is written takes the
    /// file's place with <see cref="FileReplacement.CommitAsync"/>, and otherwise goes away.</summary>
    /// <param name="path">The file; created when missing, in a directory that exists.</param>
    /// <param name="options">Null for the defaults; <see cref="OpenOptions.CreateMode"/> applies when the file is
    /// new.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    public async Task<FileReplacement> OpenReplacementAsync(
        string path, FileWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var kept = await ModeOfFileAsync(path, cancellationToken).ConfigureAwait(false);
        var temporary = AbsolutePath(PathName.TemporaryBeside(path), path);
        options ??= new FileWriterOptions();
        var file = options.File ?? new OpenOptions();
        options = options with
        {
            File = file with { CreateMode = kept ?? file.CreateMode, OpenedPath = temporary },
        };
        FileWriter? writer = null;
        try
        {
            writer = await OpenWriterAsync(path, OpenMode.CreateNew, options, cancellationToken).ConfigureAwait(false);
            if (kept is { } mode && !OperatingSystem.IsWindows())
            {
                await KeepModeAsync(temporary, path, mode, cancellationToken).ConfigureAwait(false);
            }

            return new FileReplacement(this, path, temporary, writer);
        }
        catch
        {
            // An open may have failed after the file was made.
            await (writer?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
            await DeleteTemporaryAsync(temporary, isDirectory: false).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates a file that is deleted when it is disposed of, open for reading and writing, for its owner only
    /// (0600).</summary>
    /// <param name="directory">Where; null for the system's directory of temporary files.</param>
    /// <param name="prefix">What its name begins with.</param>
    /// <param name="options">How it is opened. Null for the defaults.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    public async Task<TemporaryFile> CreateTemporaryFileAsync(
        string? directory = null,
        string prefix = "temporary",
        OpenOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var path = PathName.TemporaryBeside(Path.Join(directory ?? Path.GetTempPath(), prefix));
        options = (options ?? new OpenOptions()) with { CreateMode = OwnerOnly };
        try
        {
            var file = await OpenAsync(path, OpenMode.ReadWriteNew, options, cancellationToken).ConfigureAwait(false);
            return new TemporaryFile(this, file);
        }
        catch
        {
            // It may have failed after the file was made.
            await DeleteTemporaryAsync(path, isDirectory: false).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Creates a directory that is deleted, with everything in it, when it is disposed of, for its owner only
    /// (0700).</summary>
    /// <param name="directory">Where; null for the system's directory of temporary files.</param>
    /// <param name="prefix">What its name begins with.</param>
    /// <param name="cancellationToken">Takes the call back until it starts.</param>
    public async Task<TemporaryDirectory> CreateTemporaryDirectoryAsync(
        string? directory = null, string prefix = "temporary", CancellationToken cancellationToken = default)
    {
        var path = PathName.TemporaryBeside(Path.Join(directory ?? Path.GetTempPath(), prefix));
        await CreateDirectoryAsync(path, OwnerOnly | UnixFileMode.UserExecute, cancellationToken)
            .ConfigureAwait(false);
        return new TemporaryDirectory(this, path);
    }

    /// <summary>Deletes what was only temporary, also when it is gone already or the engine has stopped.</summary>
    internal async ValueTask DeleteTemporaryAsync(string path, bool isDirectory)
    {
        try
        {
            await (isDirectory ? DeleteDirectoryAsync(path, recursive: true) : DeleteAsync(path, durable: false))
                .ConfigureAwait(false);
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.NotFound)
        {
            // Something in it may have been what was not found.
            if (await IsThereAsync(path).ConfigureAwait(false))
            {
                throw;
            }
        }
        catch (FileEngineException e) when (
            e is { Reason: FailureReason.Closing or FailureReason.NotOpen, IsUnfinished: false })
        {
            await DeleteAfterStopAsync(path, isDirectory).ConfigureAwait(false);
        }
    }

    /// <summary>By no actor, and with an end of its own: nobody is left who would end it.</summary>
    private async Task DeleteAfterStopAsync(string path, bool isDirectory)
    {
        FileSystemCommand command = isDirectory ? new DeleteDirectory(path, true) : new Delete(path, false);
        var deleting = Task.Run(() => FileSystemWork.Perform(command, Calls));
        try
        {
            var limit = Settings.Coordinator.DrainTimeout + Grace;
            if (await deleting.WaitAsync(limit, Clock).ConfigureAwait(false) is CommandFailed failed
                && failed.Reason != FailureReason.NotFound)
            {
                throw FileEngineException.Of(path, failed);
            }
        }
        catch (TimeoutException e)
        {
            throw new FileEngineException(
                path, FailureReason.Closing,
                $"{path}: the engine has stopped, and does not wait for the system to delete it", inner: e,
                isUnfinished: true);
        }
    }

    private async Task<bool> IsThereAsync(string path)
    {
        try
        {
            await StatAsync(path, followLinks: false).ConfigureAwait(false);
            return true;
        }
        catch (FileEngineException)
        {
            return false;
        }
    }

    /// <summary>Whatever umask took away, where the file system lets it.</summary>
    private async Task KeepModeAsync(
        string temporary, string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await SetModeAsync(temporary, mode, cancellationToken).ConfigureAwait(false);
        }
        catch (FileEngineException e)
        {
            if (e.Errno == 0 || Metadata.Kept(-e.Errno) < 0)
            {
                var cause = e.Errno == 0 ? "the engine has stopped" : $"chmod: {Errno.Describe(e.Errno)}";
                throw new FileEngineException(
                    path, e.Reason, $"{path}: {cause}", e.Errno, isUnfinished: e.IsUnfinished);
            }
        }
    }

    private string AbsolutePath(string path, string named)
    {
        try
        {
            return PathName.Absolute(path, Calls);
        }
        catch (SystemCallException e)
        {
            throw new FileEngineException(named, CompletionDecision.ReasonOf(e.Errno), e.Message, e.Errno);
        }
    }

    private async Task<UnixFileMode?> ModeOfFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var status = await StatAsync(path, true, cancellationToken).ConfigureAwait(false);
            return status.IsFile ? status.Mode & (UnixFileMode)Metadata.PermissionBits : null;
        }
        catch (FileEngineException e) when (e.Reason == FailureReason.NotFound)
        {
            return null;
        }
    }
}
