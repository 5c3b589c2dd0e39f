namespace Actors.Engine;

/// <summary>What a mode means, in one place.</summary>
internal static class OpenModes
{
    public static bool CanRead(this OpenMode mode) =>
        mode is not (OpenMode.Write or OpenMode.Append or OpenMode.CreateNew);

    public static bool CanWrite(this OpenMode mode) => mode != OpenMode.Read;

    /// <summary>Whether a missing file is created.</summary>
    public static bool Creates(this OpenMode mode) => mode is not (OpenMode.Read or OpenMode.ReadWriteExisting);

    /// <summary>Whether a file that is there is refused.</summary>
    public static bool RefusesExisting(this OpenMode mode) => mode is OpenMode.CreateNew or OpenMode.ReadWriteNew;

    /// <summary>Whether what is there is thrown away.</summary>
    public static bool Truncates(this OpenMode mode) => mode is OpenMode.Write or OpenMode.ReadWriteTruncate;
}
