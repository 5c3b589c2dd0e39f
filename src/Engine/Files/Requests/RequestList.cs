namespace Actors.Engine.Files;

/// <summary>Requests in order, linked through themselves, so that any of them can be taken out at once.</summary>
internal sealed class RequestList
{
    public FileRequest? First { get; private set; }

    private FileRequest? Last { get; set; }

    public bool IsEmpty => First is null;

    public void Add(FileRequest request)
    {
        request.List = this;
        request.Previous = Last;
        request.Next = null;
        if (Last is null)
        {
            First = request;
        }
        else
        {
            Last.Next = request;
        }

        Last = request;
    }

    public void Remove(FileRequest request)
    {
        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            Last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.List = null;
        request.Previous = request.Next = null;
    }
}
