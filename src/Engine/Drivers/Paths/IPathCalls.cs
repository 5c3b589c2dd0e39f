namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// What is done to names rather than open files, on the calling thread, as far as systems differ in it. Failures are
/// <see cref="SystemCallException"/> or what the runtime's file API throws.
/// </summary>
internal interface IPathCalls
{
    FileStatus Stat(string path, bool followLinks);

    void Rename(string path, string newPath, bool overwrite);

    /// <summary>Deletes a file or link.</summary>
    void Delete(string path);

    /// <summary>The entries of a directory, which is open from the call on until the enumerator is disposed.</summary>
    IEnumerator<DirectoryEntry> List(string directory);

    Copied Copy(Copy copy);

    TreeCopyReport CopyTree(CopyTree copy);

    /// <summary>Makes the names in a directory durable; nothing where the system does that by itself.</summary>
    void SyncDirectory(string directory);
}
