//! One row of an owner.

/// Reads what a statement finds by the owner, `$1`, and a key, `$2`. Is the body of a method of a unit
/// that returns `Result<Option<_>, StoreError>`.
#[macro_export]
macro_rules! one_of_owner {
    ($self:ident, $row:ty, $statement:expr, $scope:expr, $key:expr) => {
        $crate::names::query_as::<_, $row>($statement)
            .bind($scope.owner().uuid())
            .bind($key)
            .fetch_optional($self.connection())
            .await
            .map_err(Self::failed)?
            .map(TryInto::try_into)
            .transpose()
    };
}
