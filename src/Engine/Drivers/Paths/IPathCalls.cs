namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// What is done to names rather than open files, on the calling thread, as far as systems differ in it. Failures are
/// <see cref="SystemCallException"/> or what the runtime's file API throws.
/// </summary>
internal interface IPathCalls
{
    FileStatus Stat(string path, bool followLinks);

    /// <summary>Durable.</summary>
    void Rename(string path, string newPath, bool overwrite);

    /// <summary>Deletes a file or link.</summary>
    void Delete(string path, bool durable);

    /// <summary>Durable.</summary>
    void Replace(Replace replace);

    /// <summary>Puts a temporary file in the place of the one that it is beside; durable.</summary>
    void Commit(string temporary, string path);

    void SetMode(string path, UnixFileMode mode);

    /// <summary>With its parents; false when it was there.</summary>
    bool CreateDirectory(string path, UnixFileMode? mode);

    void DeleteDirectory(string path, bool recursive);

    /// <summary>The entries of a directory, which is open from the call on until the enumerator is disposed.</summary>
    IEnumerator<DirectoryEntry> List(string directory);

    Copied Copy(Copy copy);

    TreeCopyReport CopyTree(CopyTree copy);
}
